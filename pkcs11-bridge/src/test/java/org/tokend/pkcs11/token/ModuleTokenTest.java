package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;

@DisplayName("A SoftHSM token does every algorithm")
class ModuleTokenTest {
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
    private static final TestKey[] KEYS = {
        TestKey.RSA_2048_A, TestKey.RSA_3072, TestKey.P256_A, TestKey.P384, TestKey.P521, TestKey.ED25519
    };

    private static SoftHsmRig rig;

    @BeforeAll
    static void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        for (TestKey key : KEYS) {
            hsm.importKey(key);
        }
        rig = SoftHsmRig.on(hsm);
        rig.login();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @Test
    @DisplayName("its uninitialised slot is not shown; the token is itself by label, serial and model")
    void identity() {
        assertThat(rig.tokens().tokens()).hasSize(1);
        assertThat(rig.token().identity().label()).isEqualTo(rig.hsm().label());
        assertThat(rig.token().identity().serial()).isEqualTo(rig.hsm().serial());
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_2048_A", "RSA_3072", "P256_A", "P384", "P521", "ED25519"})
    @DisplayName("lists the key with its public key and proves that it has the private one")
    void listed(TestKey test) throws Exception {
        KeyDescriptor key = rig.key(test.defaultLabel());

        assertThat(key.publicKey()).isEqualTo(test.publicKey().getEncoded());
        assertThat(key.fingerprint())
                .isEqualTo(KeyFingerprint.of(test.publicKey().getEncoded()));
        assertThat(key.seen()).isTrue();
        assertThat(key.problem()).isNull();
        rig.token().provePossession(key, null);
    }

    static Stream<Arguments> signatures() {
        return Stream.of(KEYS)
                .flatMap(key -> Stream.of(KeyAlgorithm.values())
                        .filter(algorithm -> algorithm.use() == KeyAlgorithm.Use.SIGN && fits(algorithm, key))
                        .map(algorithm -> Arguments.of(key, algorithm)));
    }

    private static boolean fits(KeyAlgorithm algorithm, TestKey key) {
        String family = algorithm.name().substring(0, 2);
        return switch (key.publicKey().getAlgorithm()) {
            case "RSA" -> family.equals("RS");
            case "EC" -> family.equals("EC");
            default -> family.equals("ED");
        };
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("signatures")
    void signs(TestKey test, KeyAlgorithm algorithm) throws Exception {
        KeyDescriptor key = rig.key(test.defaultLabel());
        byte[] input = signable(algorithm);

        byte[] signature = rig.token().sign(key, algorithm, input, null);

        assertThat(key.algorithms()).contains(algorithm);
        assertThat(verifies(test.publicKey(), algorithm, signature)).isTrue();
    }

    /** What {@link #verifies} expects to have been signed. */
    static byte[] signable(KeyAlgorithm algorithm) throws Exception {
        return algorithm.digestLength() == 0
                ? MESSAGE
                : MessageDigest.getInstance(algorithm.digest()).digest(MESSAGE);
    }

    static boolean verifies(PublicKey key, KeyAlgorithm algorithm, byte[] signature) throws Exception {
        if (algorithm == KeyAlgorithm.RSA_PKCS1_RAW) {
            Cipher blockTypeOne = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            blockTypeOne.init(Cipher.DECRYPT_MODE, key);
            return Arrays.equals(blockTypeOne.doFinal(signature), MESSAGE);
        }
        String hash = algorithm.digest().replace("-", "");
        Signature verifier;
        if (algorithm.name().startsWith("RSA_PSS")) {
            verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(new PSSParameterSpec(
                    algorithm.digest(),
                    "MGF1",
                    new MGF1ParameterSpec(algorithm.digest()),
                    algorithm.digestLength(),
                    1));
        } else if (algorithm == KeyAlgorithm.ED25519) {
            verifier = Signature.getInstance("Ed25519");
        } else {
            verifier = Signature.getInstance(hash + (key.getAlgorithm().equals("RSA") ? "withRSA" : "withECDSA"));
        }
        verifier.initVerify(key);
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }

    static Stream<Arguments> decryptions() {
        return Stream.of(TestKey.RSA_2048_A, TestKey.RSA_3072)
                .flatMap(key -> Stream.of(KeyAlgorithm.values())
                        .filter(algorithm -> algorithm.use() == KeyAlgorithm.Use.DECRYPT)
                        .map(algorithm -> Arguments.of(key, algorithm)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("decryptions")
    void decrypts(TestKey test, KeyAlgorithm algorithm) throws Exception {
        KeyDescriptor key = rig.key(test.defaultLabel());

        assertThat(rig.token().decrypt(key, algorithm, encrypted(test.publicKey(), algorithm, MESSAGE), null))
                .isEqualTo(MESSAGE);
    }

    static byte[] encrypted(PublicKey key, KeyAlgorithm algorithm, byte[] plaintext) throws Exception {
        Cipher cipher;
        if (algorithm == KeyAlgorithm.RSA_PKCS1) {
            cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
        } else {
            cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    key,
                    new OAEPParameterSpec(
                            algorithm.digest(),
                            "MGF1",
                            new MGF1ParameterSpec(algorithm.digest()),
                            PSource.PSpecified.DEFAULT));
        }
        return cipher.doFinal(plaintext);
    }

    @Test
    @DisplayName("a bad PKCS#1 v1.5 padding is answered by the substitute, and the token stays as it is")
    void implicitRejection() throws Exception {
        KeyDescriptor key = rig.key(TestKey.RSA_2048_A.defaultLabel());
        byte[] substitute = new byte[32];
        substitute[0] = 7;
        byte[] random = new BigInteger(2047, new java.security.SecureRandom()).toByteArray();
        byte[] garbage = new byte[256];
        System.arraycopy(random, 0, garbage, 256 - random.length, random.length);
        long generation = rig.token().generation();

        assertThat(rig.token().decryptPkcs1(key, garbage, Pkcs1Rejection.ofItsLength(substitute), null))
                .isEqualTo(substitute);
        byte[] wanted = new byte[32];
        wanted[5] = 9;
        byte[] right = encrypted(TestKey.RSA_2048_A.publicKey(), KeyAlgorithm.RSA_PKCS1, wanted);
        assertThat(rig.token().decryptPkcs1(key, right, Pkcs1Rejection.ofItsLength(substitute), null))
                .isEqualTo(wanted);
        assertThat(rig.token().decryptPkcs1(key, right, Pkcs1Rejection.ofItsLength(new byte[16]), null))
                .isEqualTo(new byte[16]);
        assertThat(rig.token().generation()).isEqualTo(generation);
    }

    @ParameterizedTest
    @EnumSource(names = {"P256_A", "P384", "P521"})
    @DisplayName("agrees on the secret that the other side computes")
    void agrees(TestKey test) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(((ECPublicKey) test.publicKey()).getParams());
        KeyPair peer = generator.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(peer.getPrivate());
        agreement.doPhase(test.publicKey(), true);

        assertThat(rig.token()
                        .agree(rig.key(test.defaultLabel()), peer.getPublic().getEncoded(), null))
                .isEqualTo(agreement.generateSecret());
    }

    @Test
    @DisplayName("input that cannot be right is refused before the token sees it")
    void invalidInput() throws Exception {
        KeyDescriptor rsa = rig.key(TestKey.RSA_2048_A.defaultLabel());
        KeyDescriptor ec = rig.key(TestKey.P256_A.defaultLabel());
        rig.module().honest();

        assertThatThrownBy(() -> rig.token().sign(rsa, KeyAlgorithm.RSA_PKCS1_SHA256, new byte[20], null))
                .isInstanceOf(TokenException.InvalidInput.class);
        assertThatThrownBy(() -> rig.token().sign(rsa, KeyAlgorithm.ECDSA_SHA256, new byte[32], null))
                .isInstanceOf(TokenException.Unsupported.class);
        assertThatThrownBy(() -> rig.token().decrypt(rsa, KeyAlgorithm.RSA_PKCS1, new byte[255], null))
                .isInstanceOf(TokenException.InvalidInput.class);
        byte[] tooLarge = new byte[256];
        java.util.Arrays.fill(tooLarge, (byte) 0xff);
        assertThatThrownBy(() -> rig.token().decrypt(rsa, KeyAlgorithm.RSA_PKCS1, tooLarge, null))
                .isInstanceOf(TokenException.InvalidInput.class);
        byte[] offCurve = TestKey.P256_B.publicKey().getEncoded();
        offCurve[offCurve.length - 1] ^= 1;
        assertThatThrownBy(() -> rig.token().agree(ec, offCurve, null))
                .isInstanceOf(TokenException.InvalidInput.class)
                .hasMessageContaining("curve");
        assertThatThrownBy(() -> rig.token().agree(ec, TestKey.P384.publicKey().getEncoded(), null))
                .isInstanceOf(TokenException.InvalidInput.class);
        assertThat(rig.module().calls()).isEmpty();
    }
}
