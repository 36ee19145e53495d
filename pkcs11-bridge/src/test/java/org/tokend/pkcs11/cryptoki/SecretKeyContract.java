package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** AES, digests, wrapping. */
interface SecretKeyContract extends ContractSubject {
    byte[] KEY = "an AES key of 32 bytes, or so it".getBytes(US_ASCII);
    byte[] IV = "initialisation v".getBytes(US_ASCII);
    byte[] PLAIN = "plain text of more than one block of AES".getBytes(US_ASCII);

    private static Cipher jdk(String transformation, AlgorithmParameterSpec parameters) throws Exception {
        Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), parameters);
        return cipher;
    }

    private static long aes(TestSession session) throws CryptokiException {
        return session.create(TestKeys.secret(CKK.AES, KEY, CKA.ENCRYPT, CKA.DECRYPT, CKA.WRAP, CKA.UNWRAP));
    }

    @DisplayName("encrypts and decrypts AES-CBC with an IV")
    @Test
    default void aesCbc() throws Exception {
        byte[] expected = jdk("AES/CBC/PKCS5Padding", new IvParameterSpec(IV)).doFinal(PLAIN);
        Mechanism cbc = new Mechanism(CKM.AES_CBC_PAD, new Mechanism.Bytes(IV));
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = aes(session);
            cryptoki().encryptInit(session.handle(), cbc, key);
            byte[] ciphertext = cryptoki().encrypt(session.handle(), PLAIN);
            assertThat(ciphertext).isEqualTo(expected);
            assertThat(cryptoki().decryptOnce(session.handle(), cbc, key, ciphertext))
                    .isEqualTo(PLAIN);
        }
    }

    @DisplayName("encrypts and decrypts in parts")
    @Test
    default void encryptsInParts() throws Exception {
        byte[] expected = jdk("AES/CBC/PKCS5Padding", new IvParameterSpec(IV)).doFinal(PLAIN);
        Mechanism cbc = new Mechanism(CKM.AES_CBC_PAD, new Mechanism.Bytes(IV));
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = aes(session);
            ByteArrayOutputStream ciphertext = new ByteArrayOutputStream();
            cryptoki().encryptInit(session.handle(), cbc, key);
            ciphertext.write(cryptoki().encryptUpdate(session.handle(), Arrays.copyOf(PLAIN, 7)));
            ciphertext.write(cryptoki().encryptUpdate(session.handle(), Arrays.copyOfRange(PLAIN, 7, PLAIN.length)));
            ciphertext.write(cryptoki().encryptFinal(session.handle()));
            assertThat(ciphertext.toByteArray()).isEqualTo(expected);

            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            cryptoki().decryptInit(session.handle(), cbc, key);
            plain.write(cryptoki().decryptUpdate(session.handle(), expected));
            plain.write(cryptoki().decryptFinal(session.handle()));
            assertThat(plain.toByteArray()).isEqualTo(PLAIN);
        }
    }

    @DisplayName("carries the parameters of AES-CTR and AES-GCM")
    @Test
    default void counterAndGcm() throws Exception {
        byte[] counter = jdk("AES/CTR/NoPadding", new IvParameterSpec(IV)).doFinal(PLAIN);
        byte[] aad = "header".getBytes(US_ASCII);
        byte[] nonce = Arrays.copyOf(IV, 12);
        Cipher gcm = jdk("AES/GCM/NoPadding", new GCMParameterSpec(128, nonce));
        gcm.updateAAD(aad);
        byte[] sealed = gcm.doFinal(PLAIN);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = aes(session);
            cryptoki().encryptInit(session.handle(), new Mechanism(CKM.AES_CTR, new Mechanism.Counter(128, IV)), key);
            assertThat(cryptoki().encrypt(session.handle(), PLAIN)).isEqualTo(counter);
            Mechanism mechanism = new Mechanism(CKM.AES_GCM, new Mechanism.Gcm(nonce, 96, aad, 128));
            assertThat(cryptoki().decryptOnce(session.handle(), mechanism, key, sealed))
                    .isEqualTo(PLAIN);
        }
    }

    @DisplayName("generates, wraps and unwraps a key")
    @Test
    default void wrapAndUnwrap() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long wrapping = aes(session);
            long key = cryptoki()
                    .generateKey(
                            session.handle(),
                            Mechanism.of(CKM.AES_KEY_GEN),
                            List.of(
                                    Attribute.of(CKA.TOKEN, false),
                                    Attribute.of(CKA.SENSITIVE, false),
                                    Attribute.of(CKA.EXTRACTABLE, true),
                                    Attribute.of(CKA.VALUE_LEN, 16)));
            byte[] value = cryptoki()
                    .getAttributeValue(session.handle(), key, CKA.VALUE)
                    .get(CKA.VALUE)
                    .value();
            byte[] wrapped = cryptoki().wrapKey(session.handle(), Mechanism.of(CKM.AES_KEY_WRAP), wrapping, key);
            assertThat(wrapped).hasSize(24);
            long unwrapped = cryptoki()
                    .unwrapKey(
                            session.handle(),
                            Mechanism.of(CKM.AES_KEY_WRAP),
                            wrapping,
                            wrapped,
                            List.of(
                                    Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                                    Attribute.of(CKA.KEY_TYPE, CKK.AES),
                                    Attribute.of(CKA.TOKEN, false),
                                    Attribute.of(CKA.SENSITIVE, false),
                                    Attribute.of(CKA.EXTRACTABLE, true)));
            assertThat(cryptoki()
                            .getAttributeValue(session.handle(), unwrapped, CKA.VALUE)
                            .get(CKA.VALUE)
                            .value())
                    .isEqualTo(value);
        }
    }

    @DisplayName("digests at once, in parts, a key, and nothing")
    @Test
    default void digests() throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        Mechanism mechanism = Mechanism.of(CKM.SHA256);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long handle = session.handle();
            cryptoki().digestInit(handle, mechanism);
            assertThat(cryptoki().digest(handle, PLAIN)).isEqualTo(sha256.digest(PLAIN));

            cryptoki().digestInit(handle, mechanism);
            cryptoki().digestUpdate(handle, Arrays.copyOf(PLAIN, 9));
            cryptoki().digestUpdate(handle, Arrays.copyOfRange(PLAIN, 9, PLAIN.length));
            assertThat(cryptoki().digestFinal(handle)).isEqualTo(sha256.digest(PLAIN));

            cryptoki().digestInit(handle, mechanism);
            cryptoki().digestKey(handle, aes(session));
            assertThat(cryptoki().digestFinal(handle)).isEqualTo(sha256.digest(KEY));

            cryptoki().digestInit(handle, mechanism);
            assertThat(cryptoki().digestFinal(handle)).isEqualTo(sha256.digest());
            assertFails(
                    "C_Digest", CKR.OPERATION_NOT_INITIALIZED, () -> cryptoki().digest(handle, PLAIN));
        }
    }
}
