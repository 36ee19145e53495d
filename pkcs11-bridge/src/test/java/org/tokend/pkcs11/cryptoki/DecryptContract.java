package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Decryption and key agreement with private keys, against the JDK. */
interface DecryptContract extends ContractSubject {
    byte[] CONTENT_KEY = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);

    private static byte[] encrypted(String transformation) throws Exception {
        Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(Cipher.ENCRYPT_MODE, TestKeys.RSA.getPublic());
        return cipher.doFinal(CONTENT_KEY);
    }

    @DisplayName("decrypts RSA PKCS#1 v1.5")
    @Test
    default void rsaPkcs1Decrypt() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.DECRYPT));
            assertThat(cryptoki()
                            .decryptOnce(
                                    session.handle(),
                                    Mechanism.of(CKM.RSA_PKCS),
                                    key,
                                    encrypted("RSA/ECB/PKCS1Padding")))
                    .isEqualTo(CONTENT_KEY);
        }
    }

    @DisplayName("decrypts RSA OAEP with SHA-1, and says that SoftHSM has no other hash")
    @Test
    default void rsaOaepDecrypt() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.DECRYPT));
            Mechanism sha1 =
                    new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(CKM.SHA_1, CKG.MGF1_SHA1, new byte[0]));
            byte[] ciphertext = encrypted("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            assertThat(cryptoki().decryptOnce(session.handle(), sha1, key, ciphertext))
                    .isEqualTo(CONTENT_KEY);
            Mechanism sha256 =
                    new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(CKM.SHA256, CKG.MGF1_SHA256, new byte[0]));
            assertFails(
                    "C_DecryptInit", CKR.ARGUMENTS_BAD, () -> cryptoki().decryptInit(session.handle(), sha256, key));
            Mechanism labelled = new Mechanism(
                    CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(CKM.SHA_1, CKG.MGF1_SHA1, "label".getBytes(US_ASCII)));
            // SoftHSM takes the label without a word and leaves it out.
            cryptoki().decryptInit(session.handle(), labelled, key);
        }
    }

    @DisplayName("decrypts raw RSA, leading zeros kept")
    @Test
    default void rawRsaDecrypt() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.DECRYPT));
            byte[] block = cryptoki()
                    .decryptOnce(session.handle(), Mechanism.of(CKM.RSA_X_509), key, encrypted("RSA/ECB/PKCS1Padding"));
            assertThat(block).hasSize(256).startsWith(0, 2).endsWith(CONTENT_KEY);
        }
    }

    @DisplayName("fails on a ciphertext that is none")
    @Test
    default void garbage() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.DECRYPT));
            cryptoki().decryptInit(session.handle(), Mechanism.of(CKM.RSA_PKCS), key);
            assertFails("C_Decrypt", CKR.GENERAL_ERROR, () -> cryptoki().decrypt(session.handle(), new byte[256]));
        }
    }

    @DisplayName("derives the ECDH secret and reads it back")
    @Test
    default void ecdh() throws Exception {
        KeyPair peer = TestKeys.generate("EC", new ECGenParameterSpec("secp256r1"));
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(peer.getPrivate());
        agreement.doPhase(TestKeys.EC.getPublic(), true);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.ecPrivate(CKA.DERIVE));
            Mechanism mechanism = new Mechanism(
                    CKM.ECDH1_DERIVE,
                    new Mechanism.Ecdh1(CKD.NULL, new byte[0], TestKeys.point((ECPublicKey) peer.getPublic())));
            long secret = cryptoki()
                    .deriveKey(
                            session.handle(),
                            mechanism,
                            key,
                            List.of(
                                    Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                                    Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET),
                                    Attribute.of(CKA.TOKEN, false),
                                    Attribute.of(CKA.SENSITIVE, false),
                                    Attribute.of(CKA.EXTRACTABLE, true),
                                    Attribute.of(CKA.VALUE_LEN, 32)));
            assertThat(cryptoki()
                            .getAttributeValue(session.handle(), secret, CKA.VALUE)
                            .get(CKA.VALUE)
                            .value())
                    .isEqualTo(agreement.generateSecret());
        }
    }
}
