package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Signatures, checked by the JDK and Bouncy Castle. */
interface SignContract extends ContractSubject {
    byte[] MESSAGE = "a message worth a signature".getBytes(US_ASCII);

    private static byte[] sha256(byte[] message) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(message);
    }

    private static boolean verifies(Signature signature, PublicKey key, byte[] signed) throws Exception {
        signature.initVerify(key);
        signature.update(MESSAGE);
        return signature.verify(signed);
    }

    private static Signature pss() throws Exception {
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        return pss;
    }

    @DisplayName("signs with RSA PKCS#1 v1.5: a DigestInfo, and a message that the token hashes")
    @Test
    default void rsaPkcs1() throws Exception {
        byte[] prefix = HexFormat.of().parseHex("3031300d060960864801650304020105000420");
        byte[] digestInfo = Arrays.copyOf(prefix, prefix.length + 32);
        System.arraycopy(sha256(MESSAGE), 0, digestInfo, prefix.length, 32);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            byte[] raw = cryptoki().signOnce(session.handle(), Mechanism.of(CKM.RSA_PKCS), key, digestInfo);
            byte[] hashed = cryptoki().signOnce(session.handle(), Mechanism.of(CKM.SHA256_RSA_PKCS), key, MESSAGE);
            assertThat(verifies(Signature.getInstance("SHA256withRSA"), TestKeys.RSA.getPublic(), raw))
                    .isTrue();
            assertThat(hashed).isEqualTo(raw);
        }
    }

    @DisplayName("signs with RSA-PSS: a digest, and a message that the token hashes")
    @Test
    default void rsaPss() throws Exception {
        Mechanism.Pss parameters = new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 32);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            byte[] raw = cryptoki()
                    .signOnce(session.handle(), new Mechanism(CKM.RSA_PKCS_PSS, parameters), key, sha256(MESSAGE));
            byte[] hashed = cryptoki()
                    .signOnce(session.handle(), new Mechanism(CKM.SHA256_RSA_PKCS_PSS, parameters), key, MESSAGE);
            assertThat(verifies(pss(), TestKeys.RSA.getPublic(), raw)).isTrue();
            assertThat(verifies(pss(), TestKeys.RSA.getPublic(), hashed)).isTrue();
        }
    }

    @DisplayName("signs with ECDSA on P-256, r and s side by side")
    @Test
    default void ecdsa() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.ecPrivate(CKA.SIGN));
            byte[] signature = cryptoki().signOnce(session.handle(), Mechanism.of(CKM.ECDSA), key, sha256(MESSAGE));
            assertThat(signature).hasSize(64);
            assertThat(verifies(
                            Signature.getInstance("SHA256withECDSAinP1363Format"), TestKeys.EC.getPublic(), signature))
                    .isTrue();
        }
    }

    @DisplayName("generates an Ed25519 key and signs with it")
    @Test
    default void ed25519() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            KeyPairHandles pair = cryptoki()
                    .generateKeyPair(
                            session.handle(),
                            Mechanism.of(CKM.EC_EDWARDS_KEY_PAIR_GEN),
                            List.of(Attribute.of(CKA.TOKEN, false), Attribute.of(CKA.EC_PARAMS, TestKeys.ED25519)),
                            List.of(Attribute.of(CKA.TOKEN, false), Attribute.of(CKA.SIGN, true)));
            byte[] signature =
                    cryptoki().signOnce(session.handle(), Mechanism.of(CKM.EDDSA), pair.privateKey(), MESSAGE);
            byte[] point = cryptoki()
                    .getAttributeValue(session.handle(), pair.publicKey(), CKA.EC_POINT)
                    .get(CKA.EC_POINT)
                    .value();
            assertThat(point).hasSize(34).startsWith(0x04, 0x20);
            assertThat(Ed25519.verify(signature, 0, point, 2, MESSAGE, 0, MESSAGE.length))
                    .isTrue();
        }
    }

    @DisplayName("signs a message in parts")
    @Test
    default void signsInParts() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            cryptoki().signInit(session.handle(), Mechanism.of(CKM.SHA256_RSA_PKCS), key);
            cryptoki().signUpdate(session.handle(), Arrays.copyOf(MESSAGE, 5));
            cryptoki().signUpdate(session.handle(), Arrays.copyOfRange(MESSAGE, 5, MESSAGE.length));
            byte[] signature = cryptoki().signFinal(session.handle());
            assertThat(verifies(Signature.getInstance("SHA256withRSA"), TestKeys.RSA.getPublic(), signature))
                    .isTrue();
        }
    }

    @DisplayName(
            "generates an RSA key pair; its public key verifies, at once and in parts, and refuses another message")
    @Test
    default void generatedAndVerified() throws Exception {
        Mechanism mechanism = Mechanism.of(CKM.SHA256_RSA_PKCS);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long handle = session.handle();
            KeyPairHandles pair = cryptoki()
                    .generateKeyPair(
                            handle,
                            Mechanism.of(CKM.RSA_PKCS_KEY_PAIR_GEN),
                            List.of(
                                    Attribute.of(CKA.TOKEN, false),
                                    Attribute.of(CKA.VERIFY, true),
                                    Attribute.of(CKA.MODULUS_BITS, 2048),
                                    Attribute.of(CKA.PUBLIC_EXPONENT, new byte[] {1, 0, 1})),
                            List.of(Attribute.of(CKA.TOKEN, false), Attribute.of(CKA.SIGN, true)));
            byte[] signature = cryptoki().signOnce(handle, mechanism, pair.privateKey(), MESSAGE);
            cryptoki().verifyInit(handle, mechanism, pair.publicKey());
            cryptoki().verify(handle, MESSAGE, signature);

            cryptoki().verifyInit(handle, mechanism, pair.publicKey());
            cryptoki().verifyUpdate(handle, MESSAGE);
            cryptoki().verifyFinal(handle, signature);

            cryptoki().verifyInit(handle, mechanism, pair.publicKey());
            assertFails("C_Verify", CKR.SIGNATURE_INVALID, () -> cryptoki().verify(handle, new byte[3], signature));
            cryptoki().verifyInit(handle, mechanism, pair.publicKey());
            assertFails("C_Verify", CKR.SIGNATURE_LEN_RANGE, () -> cryptoki().verify(handle, MESSAGE, new byte[3]));
            assertThat(cryptoki()
                            .getAttributeValue(handle, pair.privateKey(), CKA.LOCAL)
                            .get(CKA.LOCAL)
                            .asBoolean(false))
                    .isTrue();
        }
    }

    @DisplayName("answers what cannot be signed with the return value that says why")
    @Test
    default void refusals() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long handle = session.handle();
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            Mechanism rsa = Mechanism.of(CKM.RSA_PKCS);
            assertFails(
                    "C_Sign", CKR.OPERATION_NOT_INITIALIZED, () -> cryptoki().sign(handle, MESSAGE));
            assertFails(
                    "C_SignInit",
                    CKR.MECHANISM_INVALID,
                    () -> cryptoki().signInit(handle, Mechanism.of(VENDOR_MECHANISM), key));
            assertFails(
                    "C_SignInit",
                    CKR.MECHANISM_INVALID,
                    () -> cryptoki().signInit(handle, Mechanism.of(CKM.ECDSA_SHA256), key));
            assertFails(
                    "C_DecryptInit",
                    CKR.KEY_FUNCTION_NOT_PERMITTED,
                    () -> cryptoki().decryptInit(handle, rsa, key));
            Mechanism mixed = new Mechanism(CKM.AES_GCM, new Mechanism.Bytes(new byte[48]));
            assertFails(
                    "C_SignInit", CKR.MECHANISM_PARAM_INVALID, () -> cryptoki().signInit(handle, mixed, key));
            cryptoki().signInit(handle, rsa, key);
            assertFails("C_SignInit", CKR.OPERATION_ACTIVE, () -> cryptoki().signInit(handle, rsa, key));
            assertFails("C_Sign", CKR.GENERAL_ERROR, () -> cryptoki().sign(handle, new byte[250]));
        }
    }
}
