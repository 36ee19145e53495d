package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** SoftHSM with some of its mechanisms hidden or refused, as other tokens lack them. */
@DisplayName("Fall-backs")
class MechanismMaskTest {
    private static final byte[] MESSAGE = "a message".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final List<Long> MASKED =
            List.of(CKM.RSA_PKCS, CKM.RSA_X_509, CKM.RSA_PKCS_PSS, CKM.RSA_PKCS_OAEP, CKM.SHA256_RSA_PKCS, CKM.ECDSA);

    private static SoftHsmRig rig;

    @BeforeAll
    static void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(TestKey.RSA_2048_A);
        hsm.importKey(TestKey.P256_A);
        rig = SoftHsmRig.on(hsm);
        rig.login();
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    static Stream<Set<Long>> masks() {
        return IntStream.range(0, 1 << MASKED.size()).mapToObj(bits -> {
            Set<Long> hidden = new java.util.HashSet<>();
            for (int i = 0; i < MASKED.size(); i++) {
                if ((bits >> i & 1) != 0) {
                    hidden.add(MASKED.get(i));
                }
            }
            return hidden;
        });
    }

    /** The token does not list the mechanisms, and refuses them. */
    private static void hide(Set<Long> hidden) {
        rig.token().distrust(rig.token().generation(), "test");
        rig.module().script(call -> {
            Object[] arguments = call.arguments();
            if (call.name().equals("getMechanismList")) {
                return Arrays.stream((long[]) call.proceed())
                        .filter(each -> !hidden.contains(each))
                        .toArray();
            }
            if (arguments.length > 1
                    && arguments[1] instanceof Mechanism mechanism
                    && hidden.contains(mechanism.type())) {
                throw call.failure(CKR.MECHANISM_INVALID);
            }
            return call.proceed();
        });
    }

    @ParameterizedTest
    @MethodSource("masks")
    @DisplayName("whatever mechanisms are missing, what is listed works and what does not is not listed")
    void everyMask(Set<Long> hidden) throws Exception {
        hide(hidden);
        KeyDescriptor rsa = rig.key(TestKey.RSA_2048_A.defaultLabel());
        KeyDescriptor ec = rig.key(TestKey.P256_A.defaultLabel());
        boolean raw = !hidden.contains(CKM.RSA_X_509);

        assertThat(rsa.algorithms().contains(KeyAlgorithm.RSA_PKCS1_SHA256))
                .isEqualTo(raw || !hidden.contains(CKM.RSA_PKCS));
        assertThat(rsa.algorithms().contains(KeyAlgorithm.RSA_PSS_SHA256))
                .isEqualTo(raw || !hidden.contains(CKM.RSA_PKCS_PSS));
        assertThat(rsa.algorithms().contains(KeyAlgorithm.RSA_PKCS1)).isEqualTo(raw || !hidden.contains(CKM.RSA_PKCS));
        assertThat(rsa.algorithms().contains(KeyAlgorithm.RSA_OAEP_SHA1))
                .isEqualTo(raw || !hidden.contains(CKM.RSA_PKCS_OAEP));
        assertThat(ec.algorithms().contains(KeyAlgorithm.ECDSA_SHA256)).isEqualTo(!hidden.contains(CKM.ECDSA));
        for (KeyAlgorithm algorithm : rsa.algorithms()) {
            works(rsa, algorithm, hidden);
        }
        for (KeyAlgorithm algorithm : ec.algorithms()) {
            if (algorithm != KeyAlgorithm.ECDH) {
                works(ec, algorithm, hidden);
            }
        }
    }

    private static void works(KeyDescriptor key, KeyAlgorithm algorithm, Set<Long> hidden) throws Exception {
        TestKey test = key.label().startsWith("rsa") ? TestKey.RSA_2048_A : TestKey.P256_A;
        if (algorithm.use() == KeyAlgorithm.Use.SIGN) {
            byte[] input = ModuleTokenTest.signable(algorithm);
            assertThat(ModuleTokenTest.verifies(
                            test.publicKey(), algorithm, rig.token().sign(key, algorithm, input, null)))
                    .isTrue();
        } else if (algorithm.name().startsWith("RSA_OAEP")
                && algorithm != KeyAlgorithm.RSA_OAEP_SHA1
                && hidden.contains(CKM.RSA_X_509)) {
            // SoftHSM lists the mechanism and does it for SHA-1 only.
            byte[] ciphertext = ModuleTokenTest.encrypted(test.publicKey(), algorithm, MESSAGE);
            assertThatThrownBy(() -> rig.token().decrypt(key, algorithm, ciphertext, null))
                    .isInstanceOf(TokenException.Unsupported.class)
                    .hasMessageContaining("CKM_RSA_X_509");
        } else {
            byte[] ciphertext = ModuleTokenTest.encrypted(test.publicKey(), algorithm, MESSAGE);
            assertThat(rig.token().decrypt(key, algorithm, ciphertext, null)).isEqualTo(MESSAGE);
        }
    }

    @Test
    @DisplayName("a token that lists a mechanism and refuses it is asked once, and then in the other way")
    void refusedOnce() throws Exception {
        rig.module().honest();
        rig.token().distrust(rig.token().generation(), "test");
        KeyDescriptor rsa = rig.key(TestKey.RSA_2048_A.defaultLabel());
        rig.module().script(call -> {
            if (call.name().equals("signInit") && ((Mechanism) call.arguments()[1]).type() == CKM.RSA_PKCS_PSS) {
                throw call.failure(CKR.MECHANISM_PARAM_INVALID);
            }
            return call.proceed();
        });

        for (int i = 0; i < 5; i++) {
            works(rsa, KeyAlgorithm.RSA_PSS_SHA256, Set.of());
        }
        assertThat(rig.module().calls().stream().filter("signInit"::equals)).hasSize(6);
    }

    @Test
    @DisplayName(
            "a bad padding on a token without raw RSA is a substitute, ends nothing, and the token is checked before its"
                    + " next use")
    void badPaddingOnTheToken() throws Exception {
        hide(Set.of(CKM.RSA_X_509));
        KeyDescriptor rsa = rig.key(TestKey.RSA_2048_A.defaultLabel());
        long generation = rig.token().generation();
        byte[] bad = new byte[256];
        bad[255] = 2;
        byte[] substitute = new byte[] {1, 2, 3};

        assertThat(rig.token().decryptPkcs1(rsa, bad, Pkcs1Rejection.ofItsLength(substitute), null))
                .isEqualTo(substitute);
        assertThat(rig.token().decryptPkcs1(rsa, bad, Pkcs1Rejection.ofItsLength(substitute), null))
                .isEqualTo(substitute);
        works(rsa, KeyAlgorithm.RSA_PKCS1_SHA256, Set.of());
        works(rsa, KeyAlgorithm.RSA_PKCS1, Set.of());
        assertThat(rig.token().generation()).isEqualTo(generation);
        assertThatThrownBy(() -> rig.token().decrypt(rsa, KeyAlgorithm.RSA_PKCS1, bad, null))
                .isInstanceOf(TokenException.Failed.class)
                .hasMessageNotContaining("CKR_");
        assertThat(rig.token().generation()).isEqualTo(generation);
    }

    @Test
    @DisplayName("a token that fails at what looked like a bad padding is found out before its next use")
    void goneAtTheBadPadding() throws Exception {
        hide(Set.of(CKM.RSA_X_509));
        KeyDescriptor rsa = rig.key(TestKey.RSA_2048_A.defaultLabel());
        long generation = rig.token().generation();
        byte[] good = ModuleTokenTest.encrypted(TestKey.RSA_2048_A.publicKey(), KeyAlgorithm.RSA_PKCS1, MESSAGE);
        byte[] substitute = new byte[MESSAGE.length];
        rig.module().script(call -> {
            if (call.name().equals("decrypt")) {
                throw call.failure(CKR.GENERAL_ERROR);
            }
            return call.proceed();
        });
        // The list of mechanisms was read before; raw RSA stays hidden for this generation.
        assertThat(rig.token().decryptPkcs1(rsa, good, Pkcs1Rejection.ofItsLength(substitute), null))
                .isEqualTo(substitute);
        rig.token().sign(rsa, KeyAlgorithm.RSA_PKCS1_SHA256, new byte[32], null);

        assertThat(rig.token().generation()).isGreaterThan(generation);
    }

    private static byte[] agreed(KeyDescriptor key) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(((ECPublicKey) TestKey.P256_A.publicKey()).getParams());
        KeyPair peer = generator.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(peer.getPrivate());
        agreement.doPhase(TestKey.P256_A.publicKey(), true);
        byte[] secret = rig.token().agree(key, peer.getPublic().getEncoded(), null);
        assertThat(secret).isEqualTo(agreement.generateSecret());
        return secret;
    }

    @Test
    @DisplayName("ECDH finds the form of the point and the template that the token wants, and remembers them")
    void derivation() throws Exception {
        rig.module().honest();
        rig.token().distrust(rig.token().generation(), "test");
        KeyDescriptor ec = rig.key(TestKey.P256_A.defaultLabel());
        rig.module().script(call -> {
            if (call.name().equals("deriveKey")) {
                byte[] point = ((Mechanism.Ecdh1) ((Mechanism) call.arguments()[1]).parameter()).publicData();
                if (point.length == 65) {
                    throw call.failure(CKR.MECHANISM_PARAM_INVALID);
                }
            }
            return call.proceed();
        });

        agreed(ec);
        agreed(ec);
        assertThat(rig.module().calls().stream().filter("deriveKey"::equals)).hasSize(5);
        assertThat(rig.module().calls().stream().filter("destroyObject"::equals))
                .hasSize(2);
    }

    @Test
    @DisplayName("a token that keeps the secret to itself is told so clearly; a shortened secret gets its zeros back")
    void secrets() throws Exception {
        rig.module().honest();
        KeyDescriptor ec = rig.key(TestKey.P256_A.defaultLabel());
        byte[] peer = TestKey.P256_B.publicKey().getEncoded();
        rig.module().script(call -> {
            boolean value = call.name().equals("getAttributeValue") && ((long[]) call.arguments()[2])[0] == CKA.VALUE;
            return value
                    ? new org.tokend.pkcs11.cryptoki.AttributeValues(
                            List.of(Attribute.unavailable(CKA.VALUE)), CKR.ATTRIBUTE_SENSITIVE)
                    : call.proceed();
        });
        assertThatThrownBy(() -> rig.token().agree(ec, peer, null))
                .isInstanceOf(TokenException.Unsupported.class)
                .hasMessageContaining("does not give out");
        rig.module().script(call -> {
            boolean value = call.name().equals("getAttributeValue") && ((long[]) call.arguments()[2])[0] == CKA.VALUE;
            return value
                    ? new org.tokend.pkcs11.cryptoki.AttributeValues(
                            List.of(Attribute.of(CKA.VALUE, new byte[] {1, 2})), CKR.OK)
                    : call.proceed();
        });
        assertThat(rig.token().agree(ec, peer, null)).hasSize(32).endsWith(1, 2).startsWith(0, 0);
    }

    @Test
    @DisplayName("answers in odd forms become the promised ones, impossible ones are not released")
    void oddAnswers() throws Exception {
        rig.module().honest();
        KeyDescriptor ec = rig.key(TestKey.P256_A.defaultLabel());
        KeyDescriptor rsa = rig.key(TestKey.RSA_2048_A.defaultLabel());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        byte[] der = rig.token().sign(ec, KeyAlgorithm.ECDSA_SHA256, digest, null);
        answer("sign", der);
        assertThat(rig.token().sign(ec, KeyAlgorithm.ECDSA_SHA256, digest, null))
                .isEqualTo(der);
        for (byte[] impossible : new byte[][] {new byte[0], new byte[64], new byte[63], new byte[4096]}) {
            answer("sign", impossible);
            assertThatThrownBy(() -> rig.token().sign(ec, KeyAlgorithm.ECDSA_SHA256, digest, null))
                    .isInstanceOf(TokenException.WrongResult.class);
        }
        answer("sign", new byte[257]);
        assertThatThrownBy(() -> rig.token().sign(rsa, KeyAlgorithm.RSA_PKCS1_SHA256, digest, null))
                .isInstanceOf(TokenException.WrongResult.class);
        answer("sign", new byte[] {5});
        assertThat(rig.token().sign(rsa, KeyAlgorithm.RSA_PKCS1_SHA256, digest, null))
                .hasSize(256)
                .endsWith(5);
    }

    private static void answer(String function, byte[] result) {
        rig.module().script(call -> {
            Object honest = call.proceed();
            return call.name().equals(function) ? result : honest;
        });
    }
}
