package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("Of an encrypted mail that was damaged on its way")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedMailIT {

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A);
        Files.writeString(desk.file("long.txt"), "At noon, by the fountain?\n".repeat(100_000));
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    /** Far more than any buffer was decrypted before the end is missed. */
    @ParameterizedTest
    @CsvSource({
        "aes-256-gcm, -1",
        "aes-256-gcm, -17",
        "aes-256-gcm, -40000",
        "aes-256-gcm, 0",
        "aes-256-cbc, -1",
        "aes-256-cbc, -40000"
    })
    @DisplayName("not one byte is shown, neither in a file nor on standard output, and the exit code says so")
    void nothing(String cipher, int cut) throws Exception {
        desk.succeeds(
                "openssl",
                "cms",
                "-encrypt",
                "-" + cipher,
                "-binary",
                "-outform",
                "DER",
                "-in",
                "long.txt",
                "-out",
                "whole.p7m",
                "RSA_2048_A.pem");
        byte[] whole = Files.readAllBytes(desk.file("whole.p7m"));
        byte[] damaged = Arrays.copyOf(whole, whole.length + cut);
        if (cut == 0) {
            damaged[damaged.length - 1] ^= 1;
        }
        Files.write(desk.file("damaged.p7m"), damaged);
        CommandResult toFile = desk.tokenctl("smime", "decrypt", "damaged.p7m", "-o", "shown");
        assertThat(toFile.status()).as(toFile.errors()).isEqualTo(65);
        assertThat(desk.file("shown")).doesNotExist();
        CommandResult toStandard = desk.tokenctl("smime", "decrypt", "--unwrap", "damaged.p7m");
        assertThat(toStandard.status()).as(toStandard.errors()).isEqualTo(65);
        assertThat(toStandard.output()).isEmpty();
        desk.tokenctlSucceeds("smime", "decrypt", "whole.p7m", "-o", "whole.txt");
        assertThat(desk.file("whole.txt")).hasSameBinaryContentAs(desk.file("long.txt"));
    }
}
