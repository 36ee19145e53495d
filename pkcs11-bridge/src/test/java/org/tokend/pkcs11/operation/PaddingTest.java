package org.tokend.pkcs11.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.Pkcs1Rejection;

@DisplayName("Paddings in software")
class PaddingTest {
    private static final RSAPublicKey PUBLIC = (RSAPublicKey) TestKey.RSA_2048_A.publicKey();
    private static final RSAPrivateKey PRIVATE = (RSAPrivateKey) TestKey.RSA_2048_A.privateKey();
    private static final byte[] MESSAGE = "message".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** What a token does for CKM_RSA_X_509. */
    private static byte[] raw(byte[] block) {
        byte[] result = new BigInteger(1, block)
                .modPow(PRIVATE.getPrivateExponent(), PRIVATE.getModulus())
                .toByteArray();
        byte[] padded = new byte[256];
        int count = Math.min(result.length, 256);
        System.arraycopy(result, result.length - count, padded, 256 - count, count);
        return padded;
    }

    @Nested
    @DisplayName("of signatures")
    class Signing {

        @ParameterizedTest
        @EnumSource(names = {"RSA_PKCS1_SHA1", "RSA_PKCS1_SHA256", "RSA_PKCS1_SHA384", "RSA_PKCS1_SHA512"})
        @DisplayName("EMSA-PKCS1-v1_5 is what the JDK verifies")
        void pkcs1(KeyAlgorithm algorithm) throws Exception {
            byte[] digest = MessageDigest.getInstance(algorithm.digest()).digest(MESSAGE);
            byte[] signature = raw(RsaPadding.emsaPkcs1(RsaPadding.digestInfo(algorithm, digest), 256));

            Signature verifier = Signature.getInstance(algorithm.digest().replace("-", "") + "withRSA");
            verifier.initVerify(PUBLIC);
            verifier.update(MESSAGE);
            assertThat(verifier.verify(signature)).isTrue();
        }

        @ParameterizedTest
        @EnumSource(names = {"RSA_PSS_SHA256", "RSA_PSS_SHA384", "RSA_PSS_SHA512"})
        @DisplayName("EMSA-PSS is what the JDK verifies, with another salt each time")
        void pss(KeyAlgorithm algorithm) throws Exception {
            byte[] digest = MessageDigest.getInstance(algorithm.digest()).digest(MESSAGE);
            byte[] one = RsaPadding.emsaPss(algorithm.digest(), digest, 2048, new SecureRandom());
            byte[] other = RsaPadding.emsaPss(algorithm.digest(), digest, 2048, new SecureRandom());

            assertThat(one).isNotEqualTo(other);
            for (byte[] block : new byte[][] {one, other}) {
                Signature verifier = Signature.getInstance("RSASSA-PSS");
                verifier.setParameter(new PSSParameterSpec(
                        algorithm.digest(),
                        "MGF1",
                        new MGF1ParameterSpec(algorithm.digest()),
                        algorithm.digestLength(),
                        1));
                verifier.initVerify(PUBLIC);
                verifier.update(MESSAGE);
                assertThat(verifier.verify(raw(block))).isTrue();
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1024, 1025, 1031, 2047, 2048, 2049, 3072})
        @DisplayName("EMSA-PSS fits moduli of any length in bits")
        void oddLengths(int bits) throws Exception {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
            byte[] block = RsaPadding.emsaPss("SHA-256", digest, bits, new SecureRandom());

            assertThat(block).hasSize((bits + 7) / 8);
            assertThat(new BigInteger(1, block).bitLength()).isLessThan(bits);
            assertThat(block[block.length - 1]).isEqualTo((byte) 0xbc);
        }
    }

    @Nested
    @DisplayName("of decryption")
    class Decryption {
        private final Random random = new Random(20261121);

        private byte[] block(PublicKey key, String hash, byte[] plaintext) throws Exception {
            Cipher cipher = Cipher.getInstance(hash.isEmpty() ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
            if (hash.isEmpty()) {
                cipher.init(Cipher.ENCRYPT_MODE, key);
            } else {
                cipher.init(
                        Cipher.ENCRYPT_MODE,
                        key,
                        new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
            }
            return raw(cipher.doFinal(plaintext));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 16, 32, 48, 128, 244, 245})
        @DisplayName("PKCS#1 v1.5 of any length comes out, also where its length is promised")
        void pkcs1(int length) throws Exception {
            byte[] plaintext = new byte[length];
            random.nextBytes(plaintext);
            byte[] block = block(PUBLIC, "", plaintext);

            assertThat(RsaUnpadding.pkcs1(block)).isEqualTo(plaintext);
            assertThat(RsaUnpadding.pkcs1OrSubstitute(block, Pkcs1Rejection.ofItsLength(new byte[length])))
                    .isEqualTo(plaintext);
            byte[] other = new byte[length == 245 ? 244 : length + 1];
            Arrays.fill(other, (byte) 0x5a);
            assertThat(RsaUnpadding.pkcs1OrSubstitute(block, Pkcs1Rejection.ofItsLength(other)))
                    .isEqualTo(other);
        }

        @Test
        @DisplayName("every kind of broken PKCS#1 v1.5 padding gives the substitute")
        void pkcs1Broken() throws Exception {
            byte[] substitute = new byte[16];
            Arrays.fill(substitute, (byte) 0x77);
            byte[] good = block(PUBLIC, "", new byte[16]);

            for (int position = 0; position < 240; position++) {
                byte[] bad = good.clone();
                bad[position] = position == 0 || position == 239 ? (byte) 1 : (byte) 0;
                assertThat(RsaUnpadding.pkcs1OrSubstitute(bad, Pkcs1Rejection.ofItsLength(substitute)))
                        .as("position " + position)
                        .isEqualTo(substitute);
            }
            for (int first = 1; first < 256; first++) {
                byte[] bad = good.clone();
                bad[0] = (byte) first;
                assertThat(RsaUnpadding.pkcs1OrSubstitute(bad, Pkcs1Rejection.ofItsLength(substitute)))
                        .isEqualTo(substitute);
                assertThat(RsaUnpadding.pkcs1(bad)).isNull();
            }
            byte[] noEnd = new byte[256];
            Arrays.fill(noEnd, (byte) 1);
            noEnd[0] = 0;
            noEnd[1] = 2;
            assertThat(RsaUnpadding.pkcs1(noEnd)).isNull();
            noEnd[9] = 0; // seven bytes of padding, one too few
            assertThat(RsaUnpadding.pkcs1(noEnd)).isNull();
            noEnd[9] = 1;
            noEnd[10] = 0;
            assertThat(RsaUnpadding.pkcs1(noEnd)).hasSize(245);
        }

        @Test
        @DisplayName(
                "with any length wanted, a right padding gives the plaintext and a wrong one a substitute of another length")
        void anyLength() throws Exception {
            byte[] substitute = {1, 2, 3};
            for (int length : new int[] {0, 1, 20, 245}) {
                byte[] plaintext = new byte[length];
                Arrays.fill(plaintext, (byte) 7);
                byte[] block = block(PUBLIC, "", plaintext);
                assertThat(RsaUnpadding.pkcs1OrSubstitute(block, Pkcs1Rejection.ofAnyLength(substitute)))
                        .isEqualTo(plaintext);
                block[1] = 1;
                assertThat(RsaUnpadding.pkcs1OrSubstitute(block, Pkcs1Rejection.ofAnyLength(substitute)))
                        .isEqualTo(substitute);
            }
        }

        @Test
        @DisplayName("a substitute longer than any plaintext is given back")
        void tooLong() throws Exception {
            byte[] substitute = new byte[246];

            assertThat(RsaUnpadding.pkcs1OrSubstitute(
                            block(PUBLIC, "", new byte[245]), Pkcs1Rejection.ofItsLength(substitute)))
                    .isEqualTo(substitute);
        }

        @ParameterizedTest
        @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-384", "SHA-512"})
        @DisplayName("OAEP of any length comes out, and no altered block does")
        void oaep(String hash) throws Exception {
            int most = 256 - 2 * MessageDigest.getInstance(hash).getDigestLength() - 2;
            for (int length : new int[] {0, 1, 32, most}) {
                byte[] plaintext = new byte[length];
                random.nextBytes(plaintext);
                byte[] block = block(PUBLIC, hash, plaintext);

                assertThat(RsaUnpadding.oaep(block, hash)).isEqualTo(plaintext);
                for (int position = 0; position < 256; position++) {
                    byte[] bad = block.clone();
                    bad[position] ^= (byte) (1 + random.nextInt(255));
                    byte[] result = RsaUnpadding.oaep(bad, hash);
                    // Behind the padding nothing is protected: only there may an altered block decrypt, to something
                    // else.
                    assertThat(result == null || !Arrays.equals(result, plaintext))
                            .isTrue();
                }
                assertThat(RsaUnpadding.oaep(new byte[256], hash)).isNull();
            }
        }
    }
}
