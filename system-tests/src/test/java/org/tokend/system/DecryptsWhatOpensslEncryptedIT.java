package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("A mail that OpenSSL encrypted to a key on a token")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecryptsWhatOpensslEncryptedIT {

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A);
        Files.writeString(
                desk.file("carol.pem"),
                TestCa.pem(desk.ca().mail(TestKey.RSA_2048_B.publicKey(), "carol@example.org")));
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    private void encrypt(String options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("openssl", "cms", "-encrypt", "-binary", "-in", "mail.eml", "-out", "secret.eml"));
        command.addAll(List.of(options.split(" ")));
        desk.succeeds(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-aes-256-cbc -recip RSA_2048_A.pem",
                "-aes-256-cbc -recip RSA_2048_A.pem -keyopt rsa_padding_mode:oaep",
                "-aes-256-cbc -recip RSA_2048_A.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256",
                "-aes-256-cbc -recip P256_A.pem",
                "-aes-256-gcm -recip RSA_2048_A.pem",
                "-aes-256-gcm -recip P256_A.pem",
                "-aes-256-cbc -keyid -recip P256_A.pem",
                "-aes-256-cbc -recip carol.pem -recip P256_A.pem",
                "-aes-256-cbc -outform DER -recip RSA_2048_A.pem"
            })
    @DisplayName("is decrypted to the very bytes, in a file that only its owner reads")
    void veryBytes(String options) throws Exception {
        encrypt(options);
        desk.tokenctlSucceeds("smime", "decrypt", "secret.eml", "--out", "decrypted.eml");
        assertThat(desk.file("decrypted.eml")).hasSameBinaryContentAs(desk.file("mail.eml"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(desk.file("decrypted.eml"))))
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("but is for somebody else is refused without a prompt, and no file appears")
    void somebodyElse() throws Exception {
        desk.tokenctlSucceeds("lock");
        int prompts = desk.pinentry().pinRequests();
        encrypt("-aes-256-cbc -recip carol.pem");
        CommandResult refused = desk.tokenctl("smime", "decrypt", "secret.eml", "--out", "not-mine.eml");
        assertThat(refused.status()).isEqualTo(66);
        assertThat(refused.errors()).contains("not encrypted to any certificate on your tokens");
        assertThat(desk.file("not-mine.eml")).doesNotExist();
        assertThat(desk.pinentry().pinRequests()).isEqualTo(prompts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-aes-256-cbc -recip RSA_2048_A.pem", "-aes-256-gcm -recip P256_A.pem"})
    @DisplayName("but was damaged gives one error and not one byte")
    void damaged(String options) throws Exception {
        encrypt(options + " -outform DER -noindef");
        byte[] message = Files.readAllBytes(desk.file("secret.eml"));
        message[message.length - 20] ^= 1;
        Files.write(desk.file("secret.eml"), message);
        CommandResult refused = desk.tokenctl("smime", "decrypt", "secret.eml");
        assertThat(refused.status()).isEqualTo(65);
        assertThat(refused.output()).isEmpty();
        assertThat(refused.errors()).contains("could not be decrypted");
    }
}
