package org.tokend.daemon.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pinentry programs of the distribution, on a terminal of another process, which is found through the kernel. */
@Timeout(60)
class RealPinentryTest {
    private Process terminal;
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private Path device;
    private int program;
    private int uid;

    @BeforeEach
    void openTerminal() throws Exception {
        uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        terminal = new ProcessBuilder("script", "-qfc", "exec sleep 300", "/dev/null")
                .redirectErrorStream(true)
                .start();
        Thread.ofPlatform().daemon().start(() -> copy(terminal.getInputStream()));
        await().until(() -> terminal.children().findAny().isPresent());
        program = (int) terminal.children().findAny().orElseThrow().pid();
        await().until(() -> new CallerTerminal().of(program, uid).isPresent());
        device = new CallerTerminal().of(program, uid).orElseThrow();
    }

    @AfterEach
    void closeTerminal() {
        terminal.descendants().forEach(ProcessHandle::destroyForcibly);
        terminal.destroyForcibly();
    }

    private void copy(InputStream from) {
        try {
            byte[] buffer = new byte[1024];
            for (int count = from.read(buffer); count > 0; count = from.read(buffer)) {
                synchronized (screen) {
                    screen.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            return;
        }
    }

    private String shown() {
        synchronized (screen) {
            return screen.toString(StandardCharsets.UTF_8);
        }
    }

    private void type(String keys) throws IOException {
        terminal.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        terminal.getOutputStream().flush();
    }

    private CompletableFuture<PromptAnswer> ask(String pinentry, Duration timeout) {
        return ask(pinentry, timeout, new Withdrawal());
    }

    private CompletableFuture<PromptAnswer> ask(String pinentry, Duration timeout, Withdrawal withdrawal) {
        PromptRequest request = new PromptRequest(
                "card", "ab12", List.of("Token: Test card", "Program: /usr/bin/mail"), "PIN:", null, device, timeout);
        PinentryPrompt prompt = new PinentryPrompt(Path.of(pinentry), new PromptEnvironment(Map.of(), Map::of));
        return CompletableFuture.supplyAsync(() -> prompt.askPin(request, withdrawal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/pinentry-tty", "/usr/bin/pinentry-curses"})
    @DisplayName("A PIN typed on the caller's terminal arrives")
    void typed(String pinentry) throws Exception {
        CompletableFuture<PromptAnswer> answer = ask(pinentry, Duration.ofSeconds(30));
        await().until(() -> shown().contains("PIN:"));
        assertThat(shown()).contains("Test card", "/usr/bin/mail");
        type("47110815\r");
        assertThat(answer.get()).isInstanceOf(PromptAnswer.Entered.class);
        try (Pin pin = ((PromptAnswer.Entered) answer.get()).pin()) {
            assertThat(new String(pin.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8))
                    .isEqualTo("47110815");
        }
        assertThat(shown()).doesNotContain("47110815");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/pinentry-tty", "/usr/bin/pinentry-curses"})
    @DisplayName("Nobody types: the prompt times out")
    void timesOut(String pinentry) throws Exception {
        assertThat(ask(pinentry, Duration.ofSeconds(1)).get()).isInstanceOf(PromptAnswer.TimedOut.class);
    }

    @Test
    @DisplayName("Cancel on the screen cancels")
    void cancelled() throws Exception {
        CompletableFuture<PromptAnswer> answer = ask("/usr/bin/pinentry-curses", Duration.ofSeconds(30));
        await().until(() -> shown().contains("PIN:"));
        type("\t\t\r"); // past the field and OK to Cancel
        assertThat(answer.get()).isInstanceOf(PromptAnswer.Cancelled.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/pinentry-tty", "/usr/bin/pinentry-curses"})
    @DisplayName("A prompt that is withdrawn leaves the terminal as it was")
    void withdrawn(String pinentry) throws Exception {
        String before = settings();
        Withdrawal withdrawal = new Withdrawal();
        CompletableFuture<PromptAnswer> answer = ask(pinentry, Duration.ofSeconds(30), withdrawal);
        await().until(() -> shown().contains("PIN:"));
        assertThat(settings()).isNotEqualTo(before);
        withdrawal.withdraw();
        assertThat(answer.get()).isInstanceOf(PromptAnswer.Cancelled.class);
        assertThat(settings()).isEqualTo(before);
    }

    private String settings() throws Exception {
        Process stty = new ProcessBuilder("stty", "-F", device.toString(), "-g").start();
        return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    @DisplayName("A terminal counts only for a program of the very user who owns both")
    void otherUser() {
        assertThat(new CallerTerminal().of(program, uid + 1)).isEmpty();
        assertThat(new CallerTerminal().of(0, uid)).isEmpty();
        assertThat(new CallerTerminal().of(Integer.MAX_VALUE, uid)).isEmpty();
    }

    @Test
    @DisplayName("A program's name cannot forge the fields behind it")
    void hostileName() {
        assertThat(CallerTerminal.controllingTerminal("42 (a) S 1 1 1 34816 (b) S 1 42 42 34820 -1 0"))
                .isEqualTo(34820);
    }
}
