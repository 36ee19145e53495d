package org.tokend.daemon.rejection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;

class DecryptorTest {
    private static final int BLOCK = 256;

    @TempDir
    Path directory;

    private final SoftwareToken token = new SoftwareToken("t");
    private final Random random = new Random(7);
    private KeyDescriptor key;
    private Decryptor decryptor;

    @BeforeEach
    void start() {
        key = token.add(TestKey.RSA_2048_A, "k");
        decryptor = new Decryptor(new RejectionSecrets(directory.resolve("rejection")));
    }

    private byte[] decrypt(byte[] ciphertext, int length) throws Exception {
        return decryptor.decrypt(
                token, key, new EncryptedKey.Transported(Algorithm.RSA_PKCS1, ciphertext), length, null);
    }

    /** 00 02, padding without zeros, 00, content. */
    private byte[] block(byte[] content) {
        byte[] block = new byte[BLOCK];
        for (int i = 2; i < BLOCK; i++) {
            block[i] = (byte) (1 + random.nextInt(255));
        }
        block[1] = 2;
        block[BLOCK - content.length - 1] = 0;
        System.arraycopy(content, 0, block, BLOCK - content.length, content.length);
        return block;
    }

    private byte[] content(int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    @Test
    @DisplayName("A good block gives its content")
    void good() throws Exception {
        byte[] content = content(32);
        assertThat(decrypt(SoftwareToken.encryptRaw(TestKey.RSA_2048_A, block(content)), 32))
                .isEqualTo(content);
    }

    @Test
    @DisplayName("Bad paddings and other lengths give random-looking keys of the wanted length, each time the same")
    void implicitRejection() throws Exception {
        byte[] wrongType = block(content(32));
        wrongType[1] = 1;
        byte[] shortPadding = block(content(32));
        shortPadding[5] = 0;
        byte[] noZero = block(content(32));
        noZero[BLOCK - 33] = 9;
        byte[] otherLength = block(content(24));
        byte[] leadingByte = block(content(32));
        leadingByte[0] = 1;
        Set<String> answers = new HashSet<>();
        for (byte[] bad : List.of(wrongType, shortPadding, noZero, otherLength, leadingByte)) {
            byte[] ciphertext = SoftwareToken.encryptRaw(TestKey.RSA_2048_A, bad);
            byte[] answer = decrypt(ciphertext, 32);
            assertThat(answer).hasSize(32).isEqualTo(decrypt(ciphertext, 32));
            answers.add(Arrays.toString(answer));
        }
        assertThat(answers).hasSize(5);
    }

    @Test
    @DisplayName("A rejected block has the same answer after a restart, and in the next generation")
    void acrossRestarts() throws Exception {
        byte[] ciphertext = content(BLOCK);
        ciphertext[0] = 0;
        byte[] answer = decrypt(ciphertext, 32);
        token.generation++;
        assertThat(decrypt(ciphertext, 32)).isEqualTo(answer);
        decryptor = new Decryptor(new RejectionSecrets(directory.resolve("rejection")));
        assertThat(decrypt(ciphertext, 32)).isEqualTo(answer);
    }

    @Test
    @DisplayName("The secret is asked of the token once in a generation, and lies encrypted on the disk")
    void secretIsSealed() throws Exception {
        byte[] ciphertext = content(BLOCK);
        ciphertext[0] = 0;
        decrypt(ciphertext, 32);
        decrypt(ciphertext, 32);
        assertThat(token.calls).containsExactly("decrypt", "decryptPkcs1", "decryptPkcs1");
        Path file = directory.resolve("rejection").resolve(key.fingerprint().hex() + ".oaep-sha256");
        assertThat(Files.size(file)).isEqualTo(BLOCK);
    }

    @Test
    @DisplayName("With an open length the answer is one of the lengths, and the token is asked once")
    void openLength() throws Exception {
        for (int length : Decrypt.OPEN_LENGTHS) {
            byte[] content = content(length);
            assertThat(decrypt(SoftwareToken.encryptRaw(TestKey.RSA_2048_A, block(content)), 0))
                    .isEqualTo(content);
        }
        int[] seen = new int[33];
        for (int i = 0; i < 60; i++) {
            byte[] ciphertext = content(BLOCK);
            ciphertext[0] = 0;
            token.calls.clear();
            byte[] answer = decrypt(ciphertext, 0);
            seen[answer.length]++;
            assertThat(decrypt(ciphertext, 0)).isEqualTo(answer);
            assertThat(token.calls).hasSize(2).containsOnly("decryptPkcs1");
        }
        assertThat(seen[16]).isPositive();
        assertThat(seen[24]).isPositive();
        assertThat(seen[32]).isPositive();
        assertThat(seen[16] + seen[24] + seen[32]).isEqualTo(60);
    }

    @Test
    @DisplayName(
            "With any length what was wrapped comes back, and rejected blocks have lengths of all sizes, each its own")
    void anyLength() throws Exception {
        for (int length : List.of(0, 1, 5, 32, BLOCK - 11)) {
            byte[] content = content(length);
            assertThat(decrypt(SoftwareToken.encryptRaw(TestKey.RSA_2048_A, block(content)), Decrypt.ANY_LENGTH))
                    .isEqualTo(content);
        }
        Set<Integer> lengths = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            byte[] ciphertext = content(BLOCK);
            ciphertext[0] = 0;
            byte[] answer = decrypt(ciphertext, Decrypt.ANY_LENGTH);
            assertThat(decrypt(ciphertext, Decrypt.ANY_LENGTH)).isEqualTo(answer);
            lengths.add(answer.length);
        }
        assertThat(lengths).hasSizeGreaterThan(20).allMatch(length -> length <= BLOCK - 11);
    }

    @Test
    @DisplayName("Two keys of one token reject the same block differently")
    void otherKey() throws Exception {
        byte[] ciphertext = content(BLOCK);
        ciphertext[0] = 0;
        byte[] answer = decrypt(ciphertext, 32);
        key = token.add(TestKey.RSA_2048_B, "other");
        assertThat(decrypt(ciphertext, 32)).isNotEqualTo(answer);
    }

    @Test
    @DisplayName("OAEP fails with one error, whatever is wrong")
    void oaep() {
        byte[] ciphertext = content(BLOCK);
        ciphertext[0] = 0;
        assertThatThrownBy(() -> decryptor.decrypt(
                        token, key, new EncryptedKey.Transported(Algorithm.RSA_OAEP_SHA256, ciphertext), 0, null))
                .isInstanceOf(Decryptor.UndecryptableException.class)
                .hasMessage("the ciphertext does not decrypt with the key " + key.fingerprint());
    }

    @Test
    @DisplayName("A token that is gone is no bad ciphertext")
    void removed() {
        token.nextFailure = new TokenException.Removed("gone");
        assertThatThrownBy(() -> decrypt(content(BLOCK), 32)).isInstanceOf(TokenException.Removed.class);
    }
}
