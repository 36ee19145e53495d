package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKG;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

class SigningTest {
    private static final byte[] MESSAGE = "the message".getBytes(StandardCharsets.UTF_8);

    private final ApplicationRig rig = new ApplicationRig();
    private final Application application = rig.application;
    private long session;

    @BeforeEach
    void keys() throws Exception {
        rig.token.addKey("rsa", new byte[] {1}, SoftwareKeys.RSA);
        rig.token.addKey("p256", new byte[] {2}, SoftwareKeys.P256);
        rig.token.addKey("p384", new byte[] {3}, SoftwareKeys.P384);
        rig.token.addKey("p521", new byte[] {4}, SoftwareKeys.P521);
        session = rig.openLoggedIn();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private long key(String label) throws CryptokiException {
        return rig.findOne(session, CKO.PRIVATE_KEY, label);
    }

    private byte[] sign(Mechanism mechanism, String label, byte[] data) throws CryptokiException {
        return application.signOnce(session, mechanism, key(label), data);
    }

    private static byte[] digest(String name) throws Exception {
        return MessageDigest.getInstance(name).digest(MESSAGE);
    }

    private static boolean verifies(String algorithm, PublicKey key, byte[] message, byte[] signature)
            throws Exception {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    @Test
    @DisplayName("CKM_RSA_PKCS signs a DigestInfo as the hash's own algorithm")
    void digestInfo() throws Exception {
        byte[] signature = sign(Mechanism.of(CKM.RSA_PKCS), "rsa", Hashes.digestInfo("SHA-256", digest("SHA-256")));
        assertThat(verifies("SHA256withRSA", SoftwareKeys.RSA.getPublic(), MESSAGE, signature))
                .isTrue();
        assertThat(rig.gate.asked).contains("sign rsa RSA_PKCS1_SHA256");
    }

    @Test
    @DisplayName("CKM_RSA_PKCS signs whatever else fits into the padding as it is")
    void rawData() throws Exception {
        for (byte[] data : new byte[][] {new byte[0], digest("SHA-256"), new byte[245]}) {
            byte[] signature = sign(Mechanism.of(CKM.RSA_PKCS), "rsa", data);
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, SoftwareKeys.RSA.getPublic());
            assertThat(cipher.doFinal(signature)).isEqualTo(data);
        }
        byte[] sha224 = sign(Mechanism.of(CKM.SHA224_RSA_PKCS), "rsa", MESSAGE);
        assertThat(verifies("SHA224withRSA", SoftwareKeys.RSA.getPublic(), MESSAGE, sha224))
                .isTrue();
        assertThat(rig.gate.asked).contains("sign rsa RSA_PKCS1_RAW");
    }

    @Test
    @DisplayName("Mechanisms that hash take the message in one piece or in parts")
    void hashing() throws Exception {
        byte[] whole = sign(Mechanism.of(CKM.SHA512_RSA_PKCS), "rsa", MESSAGE);
        assertThat(verifies("SHA512withRSA", SoftwareKeys.RSA.getPublic(), MESSAGE, whole))
                .isTrue();
        application.signInit(session, Mechanism.of(CKM.SHA512_RSA_PKCS), key("rsa"));
        application.signUpdate(session, Arrays.copyOf(MESSAGE, 4));
        application.signUpdate(session, Arrays.copyOfRange(MESSAGE, 4, MESSAGE.length));
        assertThat(application.signFinal(session)).isEqualTo(whole);
        byte[] ecdsa = sign(Mechanism.of(CKM.ECDSA_SHA384), "p384", MESSAGE);
        assertThat(verifies("SHA384withECDSAinP1363Format", SoftwareKeys.P384.getPublic(), MESSAGE, ecdsa))
                .isTrue();
    }

    @Test
    @DisplayName("CKM_ECDSA signs digests of any length, shorter and longer than the curve")
    void ecdsa() throws Exception {
        for (String hash : new String[] {"SHA-1", "SHA-256", "SHA-384", "SHA-512"}) {
            String verifier = hash.replace("-", "") + "withECDSAinP1363Format";
            byte[] p256 = sign(Mechanism.of(CKM.ECDSA), "p256", digest(hash));
            assertThat(p256).hasSize(64);
            assertThat(verifies(verifier, SoftwareKeys.P256.getPublic(), MESSAGE, p256))
                    .as(hash)
                    .isTrue();
            byte[] p384 = sign(Mechanism.of(CKM.ECDSA), "p384", digest(hash));
            assertThat(verifies(verifier, SoftwareKeys.P384.getPublic(), MESSAGE, p384))
                    .as(hash)
                    .isTrue();
            byte[] p521 = sign(Mechanism.of(CKM.ECDSA), "p521", digest(hash));
            assertThat(p521).hasSize(132);
            assertThat(verifies(verifier, SoftwareKeys.P521.getPublic(), MESSAGE, p521))
                    .as(hash)
                    .isTrue();
        }
        refused(CKR.DATA_LEN_RANGE, () -> sign(Mechanism.of(CKM.ECDSA), "p256", new byte[0]));
        refused(CKR.DATA_LEN_RANGE, () -> sign(Mechanism.of(CKM.ECDSA), "p521", new byte[65]));
    }

    @Test
    @DisplayName("PSS signs with its own hash for the mask and a salt as long")
    void pss() throws Exception {
        Mechanism mechanism = new Mechanism(CKM.RSA_PKCS_PSS, new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 32));
        byte[] signature = sign(mechanism, "rsa", digest("SHA-256"));
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        verifier.initVerify(SoftwareKeys.RSA.getPublic());
        verifier.update(MESSAGE);
        assertThat(verifier.verify(signature)).isTrue();
        refused(CKR.DATA_LEN_RANGE, () -> sign(mechanism, "rsa", new byte[20]));
        for (Mechanism.Parameter wrong : new Mechanism.Parameter[] {
            new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA1, 32),
            new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 20),
            new Mechanism.Pss(CKM.SHA_1, CKG.MGF1_SHA1, 20),
            new Mechanism.Pss(CKM.RSA_PKCS, CKG.MGF1_SHA256, 32),
            new Mechanism.None()
        }) {
            refused(
                    CKR.MECHANISM_PARAM_INVALID,
                    () -> application.signInit(session, new Mechanism(CKM.RSA_PKCS_PSS, wrong), key("rsa")));
        }
        refused(
                CKR.MECHANISM_PARAM_INVALID,
                () -> application.signInit(
                        session,
                        new Mechanism(CKM.SHA256_RSA_PKCS_PSS, new Mechanism.Pss(CKM.SHA384, CKG.MGF1_SHA384, 48)),
                        key("rsa")));
    }

    @Test
    @DisplayName("The wrong key, mechanism or order of calls gets the return value that says so")
    void misuse() throws Exception {
        long rsa = key("rsa");
        long open = rig.findOne(session, CKO.PUBLIC_KEY, "rsa");
        Mechanism pkcs = Mechanism.of(CKM.RSA_PKCS);
        refused(CKR.KEY_HANDLE_INVALID, () -> application.signInit(session, pkcs, 4242));
        refused(CKR.KEY_HANDLE_INVALID, () -> application.signInit(session, pkcs, 0));
        refused(CKR.KEY_TYPE_INCONSISTENT, () -> application.signInit(session, pkcs, open));
        refused(CKR.KEY_TYPE_INCONSISTENT, () -> application.signInit(session, pkcs, key("p256")));
        refused(CKR.MECHANISM_INVALID, () -> application.signInit(session, Mechanism.of(CKM.AES_CBC), rsa));
        refused(CKR.MECHANISM_INVALID, () -> application.signInit(session, Mechanism.of(CKM.RSA_X_509), rsa));
        refused(
                CKR.MECHANISM_PARAM_INVALID,
                () -> application.signInit(
                        session, new Mechanism(CKM.RSA_PKCS, new Mechanism.Bytes(new byte[3])), rsa));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.sign(session, MESSAGE));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.signUpdate(session, MESSAGE));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.signFinal(session));
        application.signInit(session, pkcs, rsa);
        refused(CKR.OPERATION_ACTIVE, () -> application.signInit(session, pkcs, rsa));
        refused(CKR.DATA_LEN_RANGE, () -> application.sign(session, new byte[246]));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.sign(session, MESSAGE));
        assertThat(rig.gate.asked).noneMatch(asked -> asked.startsWith("sign"));
    }

    @Test
    @DisplayName("A key that may not sign, or not with this mechanism, does not")
    void usage() throws Exception {
        rig.token.addKey(
                "decrypts",
                new byte[] {5},
                SoftwareKeys.RSA,
                Attribute.of(CKA.SIGN, false),
                Attribute.of(CKA.DECRYPT, true));
        rig.token.addKey(
                "pss only", new byte[] {6}, SoftwareKeys.RSA, Attribute.of(CKA.ALLOWED_MECHANISMS, CKM.RSA_PKCS_PSS));
        refused(
                CKR.KEY_FUNCTION_NOT_PERMITTED,
                () -> application.signInit(session, Mechanism.of(CKM.RSA_PKCS), key("decrypts")));
        refused(
                CKR.MECHANISM_INVALID,
                () -> application.signInit(session, Mechanism.of(CKM.RSA_PKCS), key("pss only")));
    }

    @Test
    @DisplayName("The length of the signature is told without signing, and cancelling ends the operation")
    void bounds() throws Exception {
        application.signInit(session, Mechanism.of(CKM.SHA256_RSA_PKCS), key("rsa"));
        assertThat(application.outputBound(session, "C_Sign", 3)).hasValue(256);
        application.sessionCancel(session, CKF.SIGN | CKF.DECRYPT);
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.outputBound(session, "C_Sign", 3));
        application.signInit(session, Mechanism.of(CKM.ECDSA), key("p521"));
        assertThat(application.outputBound(session, "C_SignFinal", 0)).hasValue(132);
        assertThat(rig.gate.asked).noneMatch(asked -> asked.startsWith("sign"));
    }

    @Test
    @DisplayName("Without a login, and after a logout in the middle, a private key is not used")
    void loggedOut() throws Exception {
        long rsa = key("rsa");
        application.signInit(session, Mechanism.of(CKM.SHA256_RSA_PKCS), rsa);
        application.login(session, CKU.CONTEXT_SPECIFIC, null);
        application.logout(session);
        refused(CKR.USER_NOT_LOGGED_IN, () -> application.sign(session, MESSAGE));
        refused(CKR.USER_NOT_LOGGED_IN, () -> application.signInit(session, Mechanism.of(CKM.RSA_PKCS), rsa));
        assertThat(rig.gate.asked).noneMatch(asked -> asked.startsWith("sign"));
    }

    @Test
    @DisplayName("A hidden key cannot be used by a handle that was once seen")
    void hidden() throws Exception {
        long rsa = key("rsa");
        rig.gate.hiddenKeys.add("rsa");
        refused(CKR.KEY_HANDLE_INVALID, () -> application.signInit(session, Mechanism.of(CKM.RSA_PKCS), rsa));
        assertThat(rig.find(session, Attribute.of(CKA.ID, new byte[] {1}))).isEmpty();
    }

    @Test
    @DisplayName(
            "Data that are signed as they are may come in parts, up to what fits, and to what an application may keep")
    void parts() throws Exception {
        byte[] digest = digest("SHA-256");
        application.signInit(session, Mechanism.of(CKM.ECDSA), key("p256"));
        for (byte each : digest) {
            application.signUpdate(session, new byte[] {each});
        }
        assertThat(verifies(
                        "SHA256withECDSAinP1363Format",
                        SoftwareKeys.P256.getPublic(),
                        MESSAGE,
                        application.signFinal(session)))
                .isTrue();
        application.signInit(session, Mechanism.of(CKM.RSA_PKCS), key("rsa"));
        refused(CKR.DATA_LEN_RANGE, () -> application.signUpdate(session, new byte[4096]));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.signFinal(session));
        try (ApplicationRig small = new ApplicationRig(new ApplicationLimits(9, 9, 9, 3000))) {
            small.token.addKey("rsa", new byte[] {1}, SoftwareKeys.RSA);
            long one = small.openLoggedIn();
            long two = small.open();
            long rsa = small.findOne(one, CKO.PRIVATE_KEY, "rsa");
            small.application.signInit(one, Mechanism.of(CKM.RSA_PKCS), rsa);
            small.application.signInit(two, Mechanism.of(CKM.RSA_PKCS), rsa);
            small.application.signUpdate(one, new byte[2000]);
            refused(CKR.HOST_MEMORY, () -> small.application.signUpdate(two, new byte[2000]));
            small.application.closeSession(one);
            small.application.signInit(two, Mechanism.of(CKM.RSA_PKCS), rsa);
            small.application.signUpdate(two, new byte[2000]);
        }
    }

    @Test
    @DisplayName("A session that is closed in the middle of a signature waits for nobody and leaves nothing behind")
    void closedInBetween() throws Exception {
        long rsa = key("rsa");
        long other = rig.openReadWrite();
        long object = application.createObject(
                session, List.of(Attribute.of(CKA.CLASS, CKO.DATA), Attribute.of(CKA.VALUE, new byte[] {1})));
        rig.gate.duringSigning = () -> {
            try {
                application.closeSession(session);
            } catch (CryptokiException e) {
                throw new AssertionError(e);
            }
            CompletableFuture.runAsync(() -> refused(
                            CKR.SESSION_HANDLE_INVALID,
                            () -> application.signInit(session, Mechanism.of(CKM.RSA_PKCS), rsa)))
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
        };
        assertThat(application.signOnce(session, Mechanism.of(CKM.RSA_PKCS), rsa, MESSAGE))
                .hasSize(256);
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.destroyObject(other, object));
    }
}
