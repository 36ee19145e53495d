package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKG;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.key.Der;

/** Verification and encryption: in software, with public keys on the token and in memory. */
class PublicKeyFunctionsTest {
    private static final byte[] MESSAGE = "the message".getBytes(StandardCharsets.UTF_8);
    private static final Mechanism RSA_PKCS = Mechanism.of(CKM.RSA_PKCS);

    private final ApplicationRig rig = new ApplicationRig();
    private final Application application = rig.application;
    private long session;

    @BeforeEach
    void keys() throws Exception {
        rig.token.addKey("rsa", new byte[] {1}, SoftwareKeys.RSA);
        rig.token.addKey("p256", new byte[] {2}, SoftwareKeys.P256);
        rig.token.addKey("p521", new byte[] {4}, SoftwareKeys.P521);
        session = rig.openLoggedIn();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private long publicKey(String label) throws CryptokiException {
        return rig.findOne(session, CKO.PUBLIC_KEY, label);
    }

    private void verify(Mechanism mechanism, long key, byte[] data, byte[] signature) throws CryptokiException {
        application.verifyInit(session, mechanism, key);
        application.verify(session, data, signature);
    }

    private void verifiesOnlyTheTruth(Mechanism mechanism, long key, byte[] data, byte[] signature)
            throws CryptokiException {
        verify(mechanism, key, data, signature);
        byte[] other = data.clone();
        other[0] ^= 1;
        refused(CKR.SIGNATURE_INVALID, () -> verify(mechanism, key, other, signature));
        byte[] forged = signature.clone();
        forged[forged.length - 1] ^= 1;
        refused(CKR.SIGNATURE_INVALID, () -> verify(mechanism, key, data, forged));
        refused(
                CKR.SIGNATURE_LEN_RANGE,
                () -> verify(mechanism, key, data, Arrays.copyOf(signature, signature.length - 1)));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.verify(session, data, signature));
    }

    private static byte[] sign(KeyPair key, String algorithm) throws Exception {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key.getPrivate());
        signer.update(MESSAGE);
        return signer.sign();
    }

    private static byte[] digest(String name) throws Exception {
        return MessageDigest.getInstance(name).digest(MESSAGE);
    }

    @Test
    @DisplayName("PKCS#1 signatures are verified over messages and over DigestInfos")
    void pkcs1() throws Exception {
        byte[] signature = sign(SoftwareKeys.RSA, "SHA384withRSA");
        long key = publicKey("rsa");
        verifiesOnlyTheTruth(Mechanism.of(CKM.SHA384_RSA_PKCS), key, MESSAGE, signature);
        verifiesOnlyTheTruth(RSA_PKCS, key, Hashes.digestInfo("SHA-384", digest("SHA-384")), signature);
        refused(CKR.SIGNATURE_INVALID, () -> verify(Mechanism.of(CKM.SHA256_RSA_PKCS), key, MESSAGE, signature));
    }

    @ParameterizedTest
    @CsvSource({"SHA-256, 32", "SHA-256, 0", "SHA-256, 20", "SHA-512, 64"})
    @DisplayName("PSS signatures are verified with any salt")
    void pss(String hash, int salt) throws Exception {
        boolean small = hash.equals("SHA-256");
        Signature signer = Signature.getInstance("RSASSA-PSS");
        signer.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1));
        signer.initSign(SoftwareKeys.RSA.getPrivate());
        signer.update(MESSAGE);
        byte[] signature = signer.sign();
        Mechanism mechanism = new Mechanism(
                CKM.RSA_PKCS_PSS,
                new Mechanism.Pss(small ? CKM.SHA256 : CKM.SHA512, small ? CKG.MGF1_SHA256 : CKG.MGF1_SHA512, salt));
        verifiesOnlyTheTruth(mechanism, publicKey("rsa"), digest(hash), signature);
        Mechanism otherSalt = new Mechanism(
                CKM.RSA_PKCS_PSS,
                new Mechanism.Pss(
                        small ? CKM.SHA256 : CKM.SHA512, small ? CKG.MGF1_SHA256 : CKG.MGF1_SHA512, salt + 1));
        refused(CKR.SIGNATURE_INVALID, () -> verify(otherSalt, publicKey("rsa"), digest(hash), signature));
    }

    @Test
    @DisplayName("PSS signatures of keys whose size is no multiple of eight are verified")
    void pssOddSize() throws Exception {
        for (int bits : new int[] {1025, 1031, 1026}) {
            KeyPair pair = SoftwareKeys.generate("RSA", new RSAKeyGenParameterSpec(bits, BigInteger.valueOf(65537)));
            rig.token.addKey("odd" + bits, new byte[] {9}, pair);
            Mechanism mechanism = new Mechanism(CKM.RSA_PKCS_PSS, new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 32));
            Signature signer = Signature.getInstance("RSASSA-PSS");
            signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            signer.initSign(pair.getPrivate());
            signer.update(MESSAGE);
            verifiesOnlyTheTruth(mechanism, publicKey("odd" + bits), digest("SHA-256"), signer.sign());
        }
    }

    @Test
    @DisplayName("ECDSA signatures are verified over messages and over digests of any length")
    void ecdsa() throws Exception {
        byte[] sha1 = sign(SoftwareKeys.P256, "SHA1withECDSAinP1363Format");
        verifiesOnlyTheTruth(Mechanism.of(CKM.ECDSA_SHA1), publicKey("p256"), MESSAGE, sha1);
        verifiesOnlyTheTruth(Mechanism.of(CKM.ECDSA), publicKey("p256"), digest("SHA-1"), sha1);
        byte[] sha512 = sign(SoftwareKeys.P256, "SHA512withECDSAinP1363Format");
        verifiesOnlyTheTruth(Mechanism.of(CKM.ECDSA), publicKey("p256"), digest("SHA-512"), sha512);
        byte[] p521 = sign(SoftwareKeys.P521, "SHA512withECDSAinP1363Format");
        verifiesOnlyTheTruth(Mechanism.of(CKM.ECDSA), publicKey("p521"), digest("SHA-512"), p521);
        refused(
                CKR.SIGNATURE_INVALID,
                () -> verify(Mechanism.of(CKM.ECDSA), publicKey("p256"), digest("SHA-1"), new byte[64]));
    }

    @Test
    @DisplayName("A public key in memory verifies like one on the token, Ed25519 too")
    void inMemory() throws Exception {
        KeyPair pair = SoftwareKeys.generate("Ed25519", NamedParameterSpec.ED25519);
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        long key = application.createObject(
                session,
                List.of(
                        Attribute.of(CKA.CLASS, CKO.PUBLIC_KEY),
                        Attribute.of(CKA.KEY_TYPE, CKK.EC_EDWARDS),
                        Attribute.of(CKA.EC_PARAMS, HexFormat.of().parseHex("06032b6570")),
                        Attribute.of(CKA.EC_POINT, Der.octetString(point))));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(MESSAGE);
        verifiesOnlyTheTruth(Mechanism.of(CKM.EDDSA), key, MESSAGE, signer.sign());
    }

    @Test
    @DisplayName("In parts, and with the wrong key or use, the return value says what is wrong")
    void misuse() throws Exception {
        byte[] signature = sign(SoftwareKeys.RSA, "SHA256withRSA");
        Mechanism mechanism = Mechanism.of(CKM.SHA256_RSA_PKCS);
        application.verifyInit(session, mechanism, publicKey("rsa"));
        refused(CKR.OPERATION_ACTIVE, () -> application.verifyInit(session, mechanism, publicKey("rsa")));
        application.verifyUpdate(session, MESSAGE);
        application.verifyFinal(session, signature);
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.verifyFinal(session, signature));
        long secret = rig.findOne(session, CKO.PRIVATE_KEY, "rsa");
        refused(CKR.KEY_TYPE_INCONSISTENT, () -> application.verifyInit(session, mechanism, secret));
        refused(CKR.KEY_TYPE_INCONSISTENT, () -> application.verifyInit(session, mechanism, publicKey("p256")));
        refused(CKR.KEY_TYPE_INCONSISTENT, () -> application.encryptInit(session, RSA_PKCS, secret));
        rig.gate.hiddenKeys.add("rsa");
        long hidden = rig.token.objects().get(1).id() + 1 << 1;
        refused(CKR.KEY_HANDLE_INVALID, () -> application.verifyInit(session, mechanism, hidden));
    }

    @Test
    @DisplayName("What is encrypted for a key on the token is decrypted by it")
    void encrypts() throws Exception {
        Mechanism oaep = new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(CKM.SHA256, CKG.MGF1_SHA256, new byte[0]));
        long secret = rig.findOne(session, CKO.PRIVATE_KEY, "rsa");
        for (Mechanism mechanism : List.of(RSA_PKCS, oaep)) {
            application.encryptInit(session, mechanism, publicKey("rsa"));
            assertThat(application.outputBound(session, "C_Encrypt", MESSAGE.length))
                    .hasValue(256);
            byte[] ciphertext = application.encrypt(session, MESSAGE);
            assertThat(application.decryptOnce(session, mechanism, secret, ciphertext))
                    .isEqualTo(MESSAGE);
            application.decryptInit(session, mechanism, secret);
            assertThat(application.decryptUpdate(session, Arrays.copyOf(ciphertext, 100)))
                    .isEmpty();
            assertThat(application.decryptUpdate(session, Arrays.copyOfRange(ciphertext, 100, ciphertext.length)))
                    .isEmpty();
            assertThat(application.decryptFinal(session)).isEqualTo(MESSAGE);
        }
        refused(CKR.DATA_LEN_RANGE, () -> {
            application.encryptInit(session, RSA_PKCS, publicKey("rsa"));
            application.encrypt(session, new byte[246]);
        });
        refused(CKR.ENCRYPTED_DATA_LEN_RANGE, () -> application.decryptOnce(session, RSA_PKCS, secret, new byte[255]));
        refused(CKR.ENCRYPTED_DATA_LEN_RANGE, () -> application.decryptOnce(session, RSA_PKCS, secret, new byte[257]));
        List<Mechanism.Parameter> wrong = new ArrayList<>();
        wrong.add(new Mechanism.Oaep(CKM.SHA256, CKG.MGF1_SHA1, new byte[0]));
        wrong.add(new Mechanism.Oaep(CKM.SHA256, CKG.MGF1_SHA256, new byte[] {1}));
        wrong.add(new Mechanism.Oaep(CKM.MD5, CKG.MGF1_SHA1, new byte[0]));
        wrong.add(new Mechanism.None());
        for (Mechanism.Parameter parameter : wrong) {
            refused(
                    CKR.MECHANISM_PARAM_INVALID,
                    () -> application.decryptInit(session, new Mechanism(CKM.RSA_PKCS_OAEP, parameter), secret));
        }
        assertThat(rig.gate.asked).contains("decrypt rsa RSA_PKCS1", "decrypt rsa RSA_OAEP_SHA256");
    }
}
