package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

/** The very lines of docs/mutt.md, with what mutt puts in for its %-letters, run by a shell as mutt does. */
@DisplayName("What mutt and neomutt call")
class MuttCommandsIT {
    private static final Pattern SETTING = Pattern.compile("set (smime_\\w+) = \"(.*)\"");

    @TempDir
    Path directory;

    private final Map<String, String> settings = new LinkedHashMap<>();

    private CommandResult call(MailDesk desk, String setting, Map<String, String> letters) throws Exception {
        String line = settings.get(setting);
        assertThat(line).as(setting).isNotNull();
        for (Map.Entry<String, String> each : letters.entrySet()) {
            line = line.replace("%" + each.getKey(), each.getValue());
        }
        String bin =
                Path.of(System.getProperty("tokend.home"), "bin").toRealPath().toString();
        Map<String, String> environment = new LinkedHashMap<>(desk.daemon().environment());
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
        return desk.runWith(environment, "sh", "-c", line);
    }

    private void readSettings() throws Exception {
        Matcher lines = SETTING.matcher(Files.readString(Path.of("..", "docs", "mutt.md")));
        while (lines.find()) {
            settings.put(lines.group(1), lines.group(2));
        }
        settings.replaceAll((name, line) -> name.contains("verify") || name.contains("encrypt_command")
                ? line + " --anchors root.pem" + (name.contains("encrypt") ? " --untrusted issuing.pem" : "")
                : line);
    }

    @Test
    @DisplayName("signs, verifies, encrypts and decrypts with a key on a token; both programs take the settings")
    void works() throws Exception {
        readSettings();
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A)) {
            Files.writeString(desk.file("entity"), "Content-Type: text/plain\r\n\r\nThe cake is in the fridge.\r\n");
            CommandResult signed = call(
                    desk,
                    "smime_sign_command",
                    Map.of("k", "keys/" + settings.get("smime_default_key"), "f", "entity"));
            assertThat(signed.status()).as(signed.errors()).isZero();
            Files.write(desk.file("signature"), signed.output().getBytes(StandardCharsets.ISO_8859_1));
            CommandResult verified = call(desk, "smime_verify_command", Map.of("s", "signature", "f", "entity"));
            assertThat(verified.errors().lines().findFirst()).hasValue("Verification successful");
            Files.writeString(desk.file("changed"), "Content-Type: text/plain\r\n\r\nThe cake is gone.\r\n");
            CommandResult bad = call(desk, "smime_verify_command", Map.of("s", "signature", "f", "changed"));
            assertThat(bad.errors()).startsWith("Verification failure");
            CommandResult encrypted = call(desk, "smime_encrypt_command", Map.of("f", "entity", "c", "RSA_2048_A.pem"));
            assertThat(encrypted.status()).as(encrypted.errors()).isZero();
            Files.write(desk.file("secret"), encrypted.output().getBytes(StandardCharsets.ISO_8859_1));
            CommandResult toOneself = call(
                    desk,
                    "smime_encrypt_command",
                    Map.of("f", "entity", "c", "RSA_2048_A.pem certs/alice@example.org"));
            assertThat(toOneself.status()).as(toOneself.errors()).isZero();
            CommandResult toNobody =
                    call(desk, "smime_encrypt_command", Map.of("f", "entity", "c", "certs/nobody@example.org"));
            assertThat(toNobody.errors()).contains("no certificate for nobody@example.org");
            assertThat(toNobody.output()).isEmpty();
            CommandResult decrypted = call(desk, "smime_decrypt_command", Map.of("f", "secret"));
            assertThat(decrypted.output()).isEqualTo(Files.readString(desk.file("entity")));
            desk.tokenctlSucceeds("smime", "sign", "mail.eml", "-o", "signed.eml");
            CommandResult signer =
                    call(desk, "smime_get_signer_cert_command", Map.of("f", "signed.eml", "c", "signer.pem"));
            assertThat(signer.status()).as(signer.errors()).isZero();
            assertThat(call(desk, "smime_get_cert_email_command", Map.of("f", "signer.pem"))
                            .output())
                    .contains("alice@example.org");
            assertThat(call(desk, "smime_pk7out_command", Map.of("f", "signed.eml"))
                            .output())
                    .contains("BEGIN CERTIFICATE");
            bothProgramsTakeThem(desk);
        }
    }

    private void bothProgramsTakeThem(MailDesk desk) throws Exception {
        StringBuilder configuration = new StringBuilder();
        settings.forEach((name, value) -> configuration
                .append("set ")
                .append(name)
                .append(" = \"")
                .append(value)
                .append("\"\n"));
        Files.writeString(desk.file("muttrc"), configuration);
        for (String program : new String[] {"mutt", "neomutt"}) {
            CommandResult shown = desk.run(program, "-n", "-F", "muttrc", "-Q", "smime_sign_command");
            assertThat(shown.status()).as(program + shown.errors()).isZero();
            assertThat(shown.output()).contains("tokenctl smime mutt sign");
        }
    }
}
