package org.tokend.daemon.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PinentryPromptTest {
    @TempDir
    Path directory;

    private static PromptRequest request(String... lines) {
        return new PromptRequest("card", "ab12", List.of(lines), "PIN:", null, null, Duration.ofSeconds(20));
    }

    private static PinentryPrompt prompt(PinentryScript script) {
        return prompt(script, Map.of());
    }

    private static PinentryPrompt prompt(PinentryScript script, Map<String, String> environment) {
        return new PinentryPrompt(script.program(), new PromptEnvironment(environment, Map::of));
    }

    private static String entered(PromptAnswer answer) {
        assertThat(answer).isInstanceOf(PromptAnswer.Entered.class);
        try (Pin pin = ((PromptAnswer.Entered) answer).pin()) {
            return new String(pin.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    @Test
    @DisplayName("The PIN is what the pinentry's data line says, escapes undone")
    void decodes() throws Exception {
        PinentryScript script = new PinentryScript(directory, "printf 'D 12%%2534%%0a%%C3%%A4 x\\nOK\\n'");
        assertThat(entered(prompt(script).askPin(request("Enter"), new Withdrawal())))
                .isEqualTo("12%34\nä x");
    }

    @Test
    @DisplayName("A PIN may come in several data lines, between status lines and comments")
    void severalLines() throws Exception {
        PinentryScript script =
                new PinentryScript(directory, "printf '# hello\\nD 12\\nS PIN_REPEATED\\nD 34\\nOK\\n'");
        assertThat(entered(prompt(script).askPin(request("Enter"), new Withdrawal())))
                .isEqualTo("1234");
    }

    @ParameterizedTest
    @CsvSource({
        "83886179, Cancelled", "83886278, Cancelled", "83886194, Cancelled", "83886142, TimedOut",
        "83918950, NotAvailable", "83918929, NotAvailable", "83886355, NotAvailable", "garbage, NotAvailable"
    })
    @DisplayName("Each error code of pinentry has its meaning")
    void errors(String code, String expected) throws Exception {
        PinentryScript script = new PinentryScript(directory, "printf 'ERR " + code + " words\\n'");
        assertThat(prompt(script)
                        .askPin(request("Enter"), new Withdrawal())
                        .getClass()
                        .getSimpleName())
                .isEqualTo(expected);
    }

    @Test
    @DisplayName("Nothing that a label or a purpose holds can forge a command, an escape or a line")
    void hostileTexts() throws Exception {
        String hostile = "a\nD 666\nOK\r\u001b[2J%0AGETPIN\u202eb\u2028c\u0000d" + "x".repeat(65_536) + "ä".repeat(900);
        PinentryScript script = new PinentryScript(directory, "printf 'D 1\\nOK\\n'");
        PromptRequest request = new PromptRequest(
                hostile, "ab12", List.of("Ours", hostile, hostile), "PIN:", hostile, null, Duration.ofSeconds(20));
        assertThat(entered(prompt(script).askPin(request, new Withdrawal()))).isEqualTo("1");
        List<String> commands = script.commands();
        assertThat(commands)
                .allSatisfy(line ->
                        assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThan(1000))
                .allSatisfy(line -> assertThat(line).doesNotContain("\u202e", "\u2028", "\u001b", "\r", "\u0000"))
                .allSatisfy(line -> assertThat(line)
                        .matches("(OPTION|GETINFO|SETTIMEOUT|SETTITLE|SETKEYINFO|SETDESC|SETPROMPT|"
                                + "SETERROR|GETPIN|BYE).*"));
        assertThat(commands.stream().filter(line -> line.startsWith("SETDESC")))
                .singleElement()
                .asString()
                .startsWith("SETDESC Ours%0Aa")
                .contains("%250AGETPIN");
        assertThat(commands.stream().filter("GETPIN"::equals)).hasSize(1);
    }

    @Test
    @DisplayName("A question is yes only when it is answered by yes")
    void consent() throws Exception {
        PinentryScript yes = new PinentryScript(directory, "printf 'OK\\n'");
        assertThat(prompt(yes).askConsent(request("Use it?"), new Withdrawal()))
                .isInstanceOf(PromptAnswer.Confirmed.class);
        PinentryScript no = new PinentryScript(directory, "printf 'ERR 83886194 not confirmed\\n'");
        assertThat(prompt(no).askConsent(request("Use it?"), new Withdrawal()))
                .isInstanceOf(PromptAnswer.Cancelled.class);
    }

    @Test
    @DisplayName("A prompt that is withdrawn ends at once, and its program with it")
    void withdrawn() throws Exception {
        PinentryScript script = new PinentryScript(directory, "sleep 600");
        Withdrawal withdrawal = new Withdrawal();
        CompletableFuture<PromptAnswer> answer =
                CompletableFuture.supplyAsync(() -> prompt(script).askPin(request("Enter"), withdrawal));
        await().until(() -> script.commands().contains("GETPIN"));
        withdrawal.withdraw();
        assertThat(answer.get()).isInstanceOf(PromptAnswer.Cancelled.class);
        await().until(() -> ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    @DisplayName("A pinentry that never answers is ended when its time is over")
    void hangs() throws Exception {
        PinentryScript script = new PinentryScript(directory, "sleep 600");
        PinentryPrompt prompt = prompt(script);
        PromptRequest soon =
                new PromptRequest("card", "ab12", List.of("Enter"), "PIN:", null, null, Duration.ofSeconds(-14));
        assertThat(prompt.askPin(soon, new Withdrawal())).isInstanceOf(PromptAnswer.TimedOut.class);
    }

    @Test
    @DisplayName("A pinentry that ends, talks nonsense or is missing means that nobody can be asked, and says why")
    void broken() throws Exception {
        PinentryScript ends = new PinentryScript(directory, "exit 3");
        assertThat(prompt(ends).askPin(request("Enter"), new Withdrawal()).toString())
                .contains("NotAvailable", "ended without an answer");
        PinentryScript nonsense = new PinentryScript(directory, "printf 'hello\\n'");
        assertThat(prompt(nonsense).askPin(request("Enter"), new Withdrawal()).toString())
                .contains("NotAvailable", "not Assuan");
        PinentryPrompt missing =
                new PinentryPrompt(directory.resolve("nowhere"), new PromptEnvironment(Map.of(), Map::of));
        assertThat(missing.askPin(request("Enter"), new Withdrawal()).toString())
                .contains("NotAvailable", "nowhere", "install a pinentry");
    }

    @Test
    @DisplayName("The environment of a prompt is the daemon's choice: display, bus, locale and no more")
    void environment() throws Exception {
        PinentryScript script = new PinentryScript(directory, "printf 'D 1\\nOK\\n'");
        Map<String, String> own = Map.of(
                "DISPLAY", ":7", "LANG", "de_DE.UTF-8", "LD_PRELOAD", "/evil.so", "SECRET", "x", "HOME", "/root");
        entered(prompt(script, own).askPin(request("Enter"), new Withdrawal()));
        assertThat(script.environment().lines().filter(line -> !line.matches("(PWD|_|SHLVL|OLDPWD)=.*")))
                .containsExactlyInAnyOrder("DISPLAY=:7", "LANG=de_DE.UTF-8", "HOME=/root", "PATH=/usr/bin:/bin");
        assertThat(script.commands()).contains("OPTION display=:7", "OPTION lc-ctype=de_DE.UTF-8");
    }

    @Test
    @DisplayName("A display that came after the daemon started is learned from the session")
    void lateDisplay() {
        PromptEnvironment environment = new PromptEnvironment(
                Map.of("XDG_RUNTIME_DIR", "/run/user/1"),
                () -> PromptEnvironment.parse("WAYLAND_DISPLAY=wayland-0\nPATH=/evil\nX=$'a\\nb'\n"));
        assertThat(environment.variables())
                .containsEntry("WAYLAND_DISPLAY", "wayland-0")
                .containsEntry("PATH", "/usr/bin:/bin")
                .doesNotContainKey("X");
    }

    @ParameterizedTest
    @CsvSource({"/usr/bin/pinentry-tty", "/usr/bin/pinentry-curses"})
    @DisplayName("A real pinentry for terminals with no terminal to be had is no way to prompt")
    void noTerminal(Path program) {
        PinentryPrompt prompt = new PinentryPrompt(program, new PromptEnvironment(Map.of(), Map::of));
        assertThat(prompt.askPin(request("Enter"), new Withdrawal()))
                .isInstanceOfSatisfying(
                        PromptAnswer.NotAvailable.class,
                        answer -> assertThat(answer.reason()).contains("terminal", "tokenctl unlock"));
    }
}
