package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.cms.DecryptionException;
import org.tokend.smime.mime.MalformedMailException;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("A mail encrypted by OpenSSL")
class MessageDecryptorTest {

    private static final byte[] CONTENT =
            "Content-Type: text/plain\r\n\r\nThe cake is in the fridge.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final TestCa ca = TestCa.create();
    private final SoftwareKeys bob = new SoftwareKeys();

    @TempDir
    Path directory;

    private Openssl openssl;

    @BeforeEach
    void prepare() throws IOException {
        openssl = new Openssl(directory);
        Files.write(openssl.file("content"), CONTENT);
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.RSA_2048_B)) {
            openssl.write(key + ".pem", TestCa.pem(ca.mail(key.publicKey(), "bob@example.org")));
        }
    }

    private void bobHas(TestKey... keys) {
        for (TestKey key : keys) {
            bob.add(key, ca.mail(key.publicKey(), "bob@example.org"));
        }
    }

    private void encrypt(String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("cms", "-encrypt", "-binary", "-in", "content", "-out", "encrypted"));
        command.addAll(List.of(options));
        Openssl.Result result = openssl.run(command.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private byte[] decrypt() throws IOException {
        try (InputStream in = Files.newInputStream(openssl.file("encrypted"))) {
            return decrypt(in);
        }
    }

    private byte[] decrypt(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MessageDecryptor.DecryptedMail mail = new MessageDecryptor(bob, directory).decrypt(in)) {
            mail.writeTo(out);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-aes-256-cbc -recip RSA_2048_A.pem",
                "-aes-128-cbc -recip RSA_2048_A.pem",
                "-des3 -recip RSA_2048_A.pem",
                "-aes-256-cbc -keyid -recip RSA_2048_A.pem",
                "-aes-256-cbc -recip RSA_2048_A.pem -keyopt rsa_padding_mode:oaep",
                "-aes-256-cbc -recip RSA_2048_A.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256",
                "-aes-256-cbc -recip P256_A.pem",
                "-aes-256-cbc -recip P256_A.pem -keyopt ecdh_kdf_md:sha256",
                "-aes-256-cbc -keyid -recip P256_A.pem",
                "-aes-256-gcm -recip RSA_2048_A.pem",
                "-aes-128-gcm -recip P256_A.pem",
                "-aes-256-cbc -outform DER -recip RSA_2048_A.pem",
                "-aes-256-cbc -outform DER -noindef -recip RSA_2048_A.pem",
                "-aes-256-cbc -outform PEM -recip RSA_2048_A.pem",
                "-aes-256-gcm -outform DER -noindef -recip P256_A.pem",
                "-aes-256-cbc -crlfeol -from a@example.org -to b@example.org -subject Hi -recip RSA_2048_A.pem"
            })
    @DisplayName("is decrypted to the very bytes, whatever the algorithms and the form")
    void veryBytes(String options) throws Exception {
        bobHas(TestKey.RSA_2048_A, TestKey.P256_A);
        encrypt(options.split(" "));
        assertThat(decrypt()).isEqualTo(CONTENT);
    }

    @Test
    @DisplayName("is decrypted with the one key that it names, and only that recipient's part goes to the token")
    void onlyTheOwnRecipientInfo() throws Exception {
        bobHas(TestKey.P256_A);
        encrypt("-aes-256-cbc", "-recip", "RSA_2048_A.pem", "-recip", "P256_A.pem", "-recip", "RSA_2048_B.pem");
        assertThat(decrypt()).isEqualTo(CONTENT);
        assertThat(bob.unwrapped()).singleElement().satisfies(request -> {
            assertThat(SoftwareKeys.recipientsIn(request)).isEqualTo(1);
            assertThat(request.keyLength()).isEqualTo(32);
        });
    }

    @Test
    @DisplayName("is refused without a question to any token when it is encrypted to somebody else")
    void somebodyElse() throws Exception {
        bobHas(TestKey.RSA_2048_B);
        encrypt("-recip", "RSA_2048_A.pem");
        assertThatThrownBy(this::decrypt).isInstanceOfSatisfying(DecryptionException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(DecryptionException.Reason.NOT_A_RECIPIENT);
            assertThat(refused.details()).singleElement().asString().contains("Test Issuing CA");
        });
        assertThat(bob.unwrapped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-aes-256-cbc", "-aes-256-gcm"})
    @DisplayName("fails in one and the same way for a wrong content key and for a damaged content")
    void oneFailure(String cipher) throws Exception {
        bobHas(TestKey.RSA_2048_A);
        encrypt(cipher, "-outform", "DER", "-noindef", "-recip", "RSA_2048_A.pem");
        byte[] message = Files.readAllBytes(openssl.file("encrypted"));
        byte[] damaged = message.clone();
        damaged[damaged.length - 20] ^= 1;
        Throwable afterDamage = catchFailure(damaged);
        bob.answerWithWrongContentKeys();
        Throwable afterWrongKey = catchFailure(message);
        assertThat(afterDamage)
                .isInstanceOfSatisfying(
                        DecryptionException.class,
                        failed -> assertThat(failed.reason()).isEqualTo(DecryptionException.Reason.FAILED));
        assertThat(afterWrongKey).hasSameClassAs(afterDamage).hasMessage(afterDamage.getMessage());
        assertThat(afterWrongKey.getCause()).isNull();
    }

    private Throwable catchFailure(byte[] message) {
        return org.assertj.core.api.Assertions.catchThrowable(() -> decrypt(new ByteArrayInputStream(message)));
    }

    @Test
    @DisplayName("is refused as cut off at whatever byte it is cut, with one typed error")
    void cutOff() throws Exception {
        bobHas(TestKey.RSA_2048_A);
        encrypt("-aes-256-gcm", "-outform", "DER", "-recip", "RSA_2048_A.pem");
        byte[] message = Files.readAllBytes(openssl.file("encrypted"));
        for (int length = 1; length < message.length - 2; length += 3) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThat(catchFailure(cut)).as("cut at %d", length).isInstanceOf(DecryptionException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no mail at all",
                "Subject: Hi\n\nplain text\n",
                "Content-Type: multipart/signed; boundary=x\n\n--x--\n",
                "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\nMIIB\n"
            })
    @DisplayName("is told apart from what is no encrypted mail")
    void notEncrypted(String input) {
        assertThat(catchFailure(input.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOfAny(MalformedMailException.class, DecryptionException.class)
                .message()
                .isNotBlank();
    }
}
