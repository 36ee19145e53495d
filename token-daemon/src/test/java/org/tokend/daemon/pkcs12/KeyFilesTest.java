package org.tokend.daemon.pkcs12;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.ErrorCode;

class KeyFilesTest {
    private static final TestCa CA = TestCa.create();

    private final Arena arena = Arena.ofConfined();
    private final KeyFiles files = new KeyFiles();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        arena.close();
    }

    private MemorySegment passphrase(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }

    private static KeyFile file(TestKey key) {
        X509Certificate leaf = CA.mail(key.publicKey(), "alice@example.org");
        return new KeyFile(key.privateKey(), CA.chain(leaf), "alice");
    }

    @ParameterizedTest
    @EnumSource(
            value = TestKey.class,
            names = {"RSA_2048_A", "P256_A", "P384", "ED25519"})
    @DisplayName("What is written is read back: key, chain and name, in both kinds of encryption")
    void roundTrip(TestKey key) throws Exception {
        KeyFile file = file(key);
        for (boolean legacy : List.of(false, true)) {
            KeyFile read = files.read(files.write(file, legacy, passphrase("päss wörd")), passphrase("päss wörd"));
            assertThat(signsFor(read.key(), key)).isTrue();
            assertThat(read.chain()).isEqualTo(file.chain());
            assertThat(read.name()).isEqualTo("alice");
        }
    }

    private static boolean signsFor(PrivateKey copy, TestKey key) throws Exception {
        String algorithm = copy.getAlgorithm().equals("RSA")
                ? "SHA256withRSA"
                : copy.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "Ed25519";
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(copy);
        signer.update(new byte[] {1, 2, 3});
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key.publicKey());
        verifier.update(new byte[] {1, 2, 3});
        return verifier.verify(signer.sign());
    }

    @Test
    @DisplayName("OpenSSL reads both kinds, the old one as what it is")
    void openssl() throws Exception {
        Path modern = Files.write(
                directory.resolve("modern.p12"), files.write(file(TestKey.P256_A), false, passphrase("secret")));
        Path legacy = Files.write(
                directory.resolve("legacy.p12"), files.write(file(TestKey.P256_A), true, passphrase("secret")));
        assertThat(openssl("-in", modern.toString()))
                .contains("PBES2, PBKDF2, AES-256-CBC")
                .contains("alice@example.org");
        assertThat(openssl("-legacy", "-in", legacy.toString())).contains("pbeWithSHA1And3-KeyTripleDES-CBC");
    }

    private static String openssl(String... more) throws Exception {
        String[] command = {"openssl", "pkcs12", "-info", "-nokeys", "-passin", "pass:secret"};
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    @DisplayName("A wrong passphrase is said to be one; what is no PKCS#12 file or damaged is said to be that")
    void refusals() throws Exception {
        byte[] good = files.write(file(TestKey.P256_A), false, passphrase("right"));
        assertThat(refusal(good, "wrong").code()).isEqualTo(ErrorCode.PASSPHRASE_INCORRECT);
        assertThat(refusal("not a file".getBytes(StandardCharsets.US_ASCII), "right")
                        .code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        for (int cut : new int[] {0, 1, 5, 40, good.length / 2}) {
            assertThat(refusal(Arrays.copyOf(good, cut), "right")).isNotNull();
        }
        assertThat(catchThrowableOfType(
                                KeyFileException.class,
                                () -> files.read(
                                        good, arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 0xff, (byte) 0xfe)))
                        .code())
                .isEqualTo(ErrorCode.PASSPHRASE_INCORRECT);
    }

    @Test
    @DisplayName("A file with two keys is refused: which one was meant cannot be told")
    void twoKeys() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] secret = "secret".toCharArray();
        for (TestKey key : List.of(TestKey.P256_A, TestKey.P384)) {
            KeyFile file = file(key);
            store.setKeyEntry(key.name(), file.key(), secret, file.chain().toArray(X509Certificate[]::new));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, secret);
        assertThat(refusal(out.toByteArray(), "secret").getMessage()).contains("2 private keys");
    }

    private KeyFileException refusal(byte[] pkcs12, String passphrase) {
        return catchThrowableOfType(KeyFileException.class, () -> files.read(pkcs12, passphrase(passphrase)));
    }
}
