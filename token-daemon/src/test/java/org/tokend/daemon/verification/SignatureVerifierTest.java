package org.tokend.daemon.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;

class SignatureVerifierTest {
    private static final byte[] MESSAGE = "what is signed".getBytes(StandardCharsets.UTF_8);

    private final SignatureVerifier verifier = new SignatureVerifier();
    private final SoftwareToken token = new SoftwareToken("t");

    @ParameterizedTest(name = "{0} with {1}")
    @DisplayName(
            "What an independent implementation signed verifies; one bit changed anywhere, or another key, does not")
    @CsvSource({
        "RSA_PKCS1_SHA1, RSA_2048_A, SHA1withRSA, SHA-1",
        "RSA_PKCS1_SHA256, RSA_2048_A, SHA256withRSA, SHA-256",
        "RSA_PKCS1_SHA384, RSA_3072, SHA384withRSA, SHA-384",
        "RSA_PKCS1_SHA512, RSA_4096, SHA512withRSA, SHA-512",
        "RSA_PSS_SHA256, RSA_2048_A, RSASSA-PSS, SHA-256",
        "RSA_PSS_SHA384, RSA_3072, RSASSA-PSS, SHA-384",
        "RSA_PSS_SHA512, RSA_4096, RSASSA-PSS, SHA-512",
        "ECDSA_SHA256, P256_A, SHA256withECDSA, SHA-256",
        "ECDSA_SHA512, P256_A, SHA512withECDSA, SHA-512",
        "ECDSA_SHA256, P384, SHA256withECDSA, SHA-256",
        "ECDSA_SHA384, P384, SHA384withECDSA, SHA-384",
        "ECDSA_SHA512, P521, SHA512withECDSA, SHA-512",
        "ED25519, ED25519, Ed25519, none",
    })
    void verifies(Algorithm algorithm, TestKey key, String jca, String hash) throws Exception {
        KeyDescriptor descriptor = token.add(key, "k");
        byte[] input =
                hash.equals("none") ? MESSAGE : MessageDigest.getInstance(hash).digest(MESSAGE);
        byte[] signature = sign(key, jca, hash);

        assertThat(verifier.verify(descriptor, algorithm, input, signature)).isTrue();
        for (int i = 0; i < signature.length; i += 7) {
            byte[] changed = signature.clone();
            changed[i] ^= 1;
            assertThat(verifier.verify(descriptor, algorithm, input, changed))
                    .as("byte %d changed", i)
                    .isFalse();
        }
        byte[] otherInput = input.clone();
        otherInput[0] ^= 1;
        assertThat(verifier.verify(descriptor, algorithm, otherInput, signature))
                .isFalse();
        assertThat(verifier.verify(descriptor, algorithm, input, new byte[0])).isFalse();
        assertThat(verifier.verify(token.add(TestKey.RSA_2048_B, "other"), algorithm, input, signature))
                .isFalse();
        assertThat(verifier.verify(token.add(TestKey.P256_B, "other"), algorithm, input, signature))
                .isFalse();
    }

    @ParameterizedTest
    @DisplayName("Raw PKCS#1 verifies for this very content and no other, be it empty or as long as it can be")
    @ValueSource(ints = {0, 1, 36, 245})
    void rawPkcs1(int length) throws Exception {
        KeyDescriptor key = token.add(TestKey.RSA_2048_A, "k");
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 0xff);
        Cipher blockTypeOne = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        blockTypeOne.init(Cipher.ENCRYPT_MODE, TestKey.RSA_2048_A.privateKey());
        byte[] signature = blockTypeOne.doFinal(content);

        assertThat(verifier.verify(key, Algorithm.RSA_PKCS1_RAW, content, signature))
                .isTrue();
        assertThat(verifier.verify(key, Algorithm.RSA_PKCS1_RAW, new byte[length + 1], signature))
                .isFalse();
        signature[17] ^= 1;
        assertThat(verifier.verify(key, Algorithm.RSA_PKCS1_RAW, content, signature))
                .isFalse();
    }

    @Test
    @DisplayName("A block of type 2 is no signature")
    void rawPkcs1OfTheOtherType() throws Exception {
        byte[] block = new byte[256];
        Arrays.fill(block, 2, 246, (byte) 0xff);
        block[1] = 2;
        Cipher raw = Cipher.getInstance("RSA/ECB/NoPadding");
        raw.init(Cipher.ENCRYPT_MODE, TestKey.RSA_2048_A.privateKey());
        assertThat(verifier.verify(
                        token.add(TestKey.RSA_2048_A, "k"), Algorithm.RSA_PKCS1_RAW, new byte[9], raw.doFinal(block)))
                .isFalse();
    }

    @Test
    @DisplayName("A PSS signature with a salt of another length is not what was asked for")
    void pssSalt() throws Exception {
        Signature signer = Signature.getInstance("RSASSA-PSS");
        signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1));
        signer.initSign(TestKey.RSA_2048_A.privateKey());
        signer.update(MESSAGE);
        assertThat(verifier.verify(
                        token.add(TestKey.RSA_2048_A, "k"),
                        Algorithm.RSA_PSS_SHA256,
                        MessageDigest.getInstance("SHA-256").digest(MESSAGE),
                        signer.sign()))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} with {1}")
    @DisplayName("Conscrypt and Bouncy Castle give the same answers")
    @CsvSource({
        "ECDSA_SHA512, P256_A, P256_B, SHA512withECDSA",
        "RSA_PKCS1_SHA512, RSA_2048_A, RSA_2048_B, SHA512withRSA",
        "RSA_PSS_SHA512, RSA_2048_A, RSA_2048_B, RSASSA-PSS",
    })
    void bothProviders(Algorithm algorithm, TestKey key, TestKey other, String jca) throws Exception {
        KeyDescriptor descriptor = token.add(key, "k");
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(MESSAGE);
        byte[] wrong = sign(other, jca, "SHA-512");
        byte[] outOfRange = new byte[wrong.length];
        Arrays.fill(outOfRange, (byte) 0xff);
        for (Provider provider : new Provider[] {Conscrypt.newProvider(), new BouncyCastleProvider()}) {
            SignatureVerifier each = new SignatureVerifier(provider);
            // PSS is random: among some there are those that begin with a zero.
            for (int i = 0; i < 40; i++) {
                assertThat(each.verify(descriptor, algorithm, digest, sign(key, jca, "SHA-512")))
                        .isTrue();
            }
            assertThat(each.verify(descriptor, algorithm, digest, wrong)).isFalse();
            assertThat(each.verify(descriptor, algorithm, digest, outOfRange)).isFalse();
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("Many threads verify at once, right and wrong signatures of two keys in any order, by either provider")
    @CsvSource({
        "ECDSA_SHA256, P256_A, P256_B, SHA256withECDSA",
        "RSA_PKCS1_SHA256, RSA_2048_A, RSA_2048_B, SHA256withRSA"
    })
    void atOnce(Algorithm algorithm, TestKey one, TestKey other, String jca) throws Exception {
        List<KeyDescriptor> keys = List.of(token.add(one, "one"), token.add(other, "other"));
        List<byte[]> signatures = List.of(sign(one, jca, "SHA-256"), sign(other, jca, "SHA-256"), new byte[256]);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        for (Provider provider : new Provider[] {Conscrypt.newProvider(), new BouncyCastleProvider()}) {
            SignatureVerifier each = new SignatureVerifier(provider);
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                List<Future<Integer>> wrong = new ArrayList<>();
                for (int thread = 0; thread < 8; thread++) {
                    Random random = new Random(thread);
                    wrong.add(threads.submit(() -> {
                        int answers = 0;
                        for (int i = 0; i < 200; i++) {
                            // Mostly the same key, as in use.
                            int key = random.nextInt(8) / 7;
                            int signature = random.nextInt(signatures.size());
                            boolean verified = each.verify(keys.get(key), algorithm, digest, signatures.get(signature));
                            answers += verified == (key == signature) ? 0 : 1;
                        }
                        return answers;
                    }));
                }
                for (Future<Integer> answers : wrong) {
                    assertThat(answers.get()).isZero();
                }
            }
        }
    }

    @Test
    @DisplayName("A public exponent as long as the modulus is unusual, not wrong")
    void longExponent() throws Exception {
        RSAPrivateCrtKey usual = (RSAPrivateCrtKey) TestKey.RSA_2048_A.privateKey();
        RSAPublicKeySpec exchanged = new RSAPublicKeySpec(usual.getModulus(), usual.getPrivateExponent());
        byte[] publicKey = KeyFactory.getInstance("RSA", new BouncyCastleProvider())
                .generatePublic(exchanged)
                .getEncoded();
        byte[] block = new byte[256];
        block[255] = 42;
        byte[] signature = new BigInteger(1, block)
                .modPow(usual.getPublicExponent(), usual.getModulus())
                .toByteArray();
        byte[] padded = new byte[256];
        int length = Math.min(256, signature.length);
        System.arraycopy(signature, signature.length - length, padded, 256 - length, length);

        assertThat(new RsaRecovery(Conscrypt.newProvider()).recover(publicKey, padded))
                .isEqualTo(block);
    }

    private static byte[] sign(TestKey key, String jca, String hash) throws Exception {
        Signature signer = Signature.getInstance(jca);
        if (jca.equals("RSASSA-PSS")) {
            int length = MessageDigest.getInstance(hash).getDigestLength();
            signer.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), length, 1));
        }
        signer.initSign(key.privateKey());
        signer.update(MESSAGE);
        return signer.sign();
    }
}
