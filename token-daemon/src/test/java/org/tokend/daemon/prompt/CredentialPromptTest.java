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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.config.PinSource;

class CredentialPromptTest {
    @TempDir
    Path directory;

    private Path file;
    private int uid;

    @BeforeEach
    void pathAndUser() throws IOException {
        file = directory.resolve("card-pin");
        uid = (Integer) Files.getAttribute(directory, "unix:uid");
    }

    private void write(String content, String mode) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private PromptAnswer ask(PinSource source, Map<String, String> environment) {
        PromptRequest request =
                new PromptRequest("card", "ab", List.of("x"), "PIN:", null, null, Duration.ofSeconds(1));
        return new CredentialPrompt(source, environment, uid).askPin(request, new Withdrawal());
    }

    private PromptAnswer askFile() {
        return ask(new PinSource.File(file), Map.of());
    }

    private static String entered(PromptAnswer answer) {
        assertThat(answer).isInstanceOf(PromptAnswer.Entered.class);
        try (Pin pin = ((PromptAnswer.Entered) answer).pin()) {
            return new String(pin.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    @Test
    @DisplayName("One line end after the PIN is cut off, and nothing else")
    void lineEnd() throws IOException {
        write("12 34\n", "r--------");
        assertThat(entered(askFile())).isEqualTo("12 34");
        Files.delete(file);
        write("1234\r\n", "r--------");
        assertThat(entered(askFile())).isEqualTo("1234");
        Files.delete(file);
        write("1234\n\n", "r--------");
        assertThat(entered(askFile())).isEqualTo("1234\n");
    }

    @Test
    @DisplayName("A file that others can read, is a link, is empty, too long or missing gives no PIN and says why")
    void refused() throws IOException {
        assertThat(askFile().toString()).contains("NotAvailable", "is not there");
        write("1234\n", "r--r-----");
        assertThat(askFile().toString()).contains("NotAvailable", "chmod 0400").doesNotContain("1234");
        Files.delete(file);
        write("\n", "r--------");
        assertThat(askFile().toString()).contains("NotAvailable", "empty");
        Files.delete(file);
        write("1".repeat(600), "r--------");
        assertThat(askFile().toString()).contains("NotAvailable", "longer than any PIN");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertThat(ask(new PinSource.File(link), Map.of()).toString()).contains("NotAvailable", "plain file");
    }

    @Test
    @DisplayName("A credential is looked for where systemd puts it")
    void credential() throws IOException {
        write("777", "r--r-----");
        PinSource source = new PinSource.Credential("card-pin");
        assertThat(entered(ask(source, Map.of("CREDENTIALS_DIRECTORY", directory.toString()))))
                .isEqualTo("777");
        assertThat(ask(source, Map.of()).toString()).contains("NotAvailable", "LoadCredential=");
    }
}
