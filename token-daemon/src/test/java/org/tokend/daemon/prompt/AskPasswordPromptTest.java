package org.tokend.daemon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program in the place of systemd-ask-password, since no password agent runs where tests do. */
@Timeout(60)
class AskPasswordPromptTest {
    @TempDir
    Path directory;

    private AskPasswordPrompt prompt(String script) throws IOException {
        Path program = directory.resolve("systemd-ask-password");
        Files.writeString(
                program, "#!/bin/sh\nprintf '%s\\n' \"$@\" > " + directory.resolve("arguments") + "\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new AskPasswordPrompt(program, directory, new PromptEnvironment(Map.of()));
    }

    private static PromptRequest request() {
        return new PromptRequest(
                "card",
                "ab12",
                List.of("PIN of the token Card", "Asked by /usr/bin/mail", "It says: the caller's own words"),
                "PIN:",
                "The last PIN was wrong.",
                null,
                Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("The PIN is the first line that the program prints")
    void entered() throws Exception {
        PromptAnswer answer = prompt("echo '12 34'").askPin(request(), new Withdrawal());
        assertThat(answer).isInstanceOf(PromptAnswer.Entered.class);
        try (Pin pin = ((PromptAnswer.Entered) answer).pin()) {
            assertThat(new String(pin.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8))
                    .isEqualTo("12 34");
        }
    }

    @Test
    @DisplayName("The command line, which everybody can read, holds our words and not the caller's")
    void commandLine() throws Exception {
        prompt("exit 1").askPin(request(), new Withdrawal());
        assertThat(Files.readString(directory.resolve("arguments")))
                .contains("--no-tty", "--id=tokend:ab12", "--timeout=20", "--echo=no")
                .contains("The last PIN was wrong. PIN of the token Card Asked by /usr/bin/mail PIN")
                .doesNotContain("own words");
    }

    @Test
    @DisplayName("Only the word yes is a yes")
    void consent() throws Exception {
        assertThat(prompt("echo Yes").askConsent(request(), new Withdrawal()))
                .isInstanceOf(PromptAnswer.Confirmed.class);
        assertThat(prompt("echo 123456").askConsent(request(), new Withdrawal()))
                .isInstanceOf(PromptAnswer.Cancelled.class);
    }

    @Test
    @DisplayName("A program that gives up at once never asked anybody; one that ends later was cancelled")
    void ended() throws Exception {
        assertThat(prompt("exit 1").askPin(request(), new Withdrawal())).isInstanceOf(PromptAnswer.NotAvailable.class);
        assertThat(prompt("sleep 1; exit 1").askPin(request(), new Withdrawal()))
                .isInstanceOf(PromptAnswer.Cancelled.class);
    }

    @Test
    @DisplayName("Where systemd takes no questions from this user, that is said")
    void notAllowed() {
        AskPasswordPrompt prompt = new AskPasswordPrompt(
                Path.of("/bin/true"), directory.resolve("nowhere"), new PromptEnvironment(Map.of()));
        assertThat(prompt.askPin(request(), new Withdrawal()).toString())
                .contains("NotAvailable", "only system services");
    }
}
