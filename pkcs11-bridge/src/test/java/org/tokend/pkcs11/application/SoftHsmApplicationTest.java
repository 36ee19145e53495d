package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.KeyUsage;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKD;
import org.tokend.pkcs11.cryptoki.CKG;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.token.SoftHsmRig;

/** An application over a real token: every way to sign, decrypt and derive is checked with the token's own public key. */
class SoftHsmApplicationTest {
    private static final KeyPair RSA =
            SoftwareKeys.generate("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
    private static final KeyPair P256 = SoftwareKeys.generate("EC", new ECGenParameterSpec("secp256r1"));
    private static final KeyPair P521 = SoftwareKeys.generate("EC", new ECGenParameterSpec("secp521r1"));
    private static final KeyPair ED25519 = SoftwareKeys.generate("Ed25519", NamedParameterSpec.ED25519);
    private static final byte[] MESSAGE = "the message".getBytes(StandardCharsets.UTF_8);

    private SoftHsmRig rig;
    private Application application;
    private long session;

    @BeforeEach
    void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create("whole");
        hsm.importKey(RSA, "rsa");
        hsm.importKey(KeyImport.of(P256, "p256").withUsages(KeyUsage.SIGN, KeyUsage.DERIVE));
        hsm.importKey(P521, "p521");
        hsm.importKey(ED25519, "ed25519");
        rig = SoftHsmRig.on(hsm);
        application = new Application(
                new DirectGate(rig),
                ApplicationLimits.DEFAULT,
                new MemoryBudget(ApplicationRig.MEMORY).share("program"));
        session = application.openSession(application.getSlotList(true)[0], ApplicationRig.READ_WRITE);
        application.login(session, CKU.USER, null);
    }

    @AfterEach
    void close() {
        application.close();
        rig.close();
    }

    private long key(long objectClass, String label) throws CryptokiException {
        application.findObjectsInit(
                session,
                List.of(
                        Attribute.of(CKA.CLASS, objectClass),
                        Attribute.of(CKA.LABEL, label.getBytes(StandardCharsets.UTF_8))));
        long[] found = application.findObjects(session, 10);
        application.findObjectsFinal(session);
        assertThat(found).as(label).hasSize(1);
        return found[0];
    }

    private void signsAndVerifies(Mechanism mechanism, String label, byte[] data) throws CryptokiException {
        byte[] signature = application.signOnce(session, mechanism, key(CKO.PRIVATE_KEY, label), data);
        application.verifyInit(session, mechanism, key(CKO.PUBLIC_KEY, label));
        application.verify(session, data, signature);
    }

    private static byte[] digest(String name) throws Exception {
        return MessageDigest.getInstance(name).digest(MESSAGE);
    }

    @Test
    @DisplayName("All mechanisms that are listed for signing sign")
    void signs() throws Exception {
        signsAndVerifies(Mechanism.of(CKM.RSA_PKCS), "rsa", Hashes.digestInfo("SHA-256", digest("SHA-256")));
        signsAndVerifies(Mechanism.of(CKM.RSA_PKCS), "rsa", MESSAGE);
        signsAndVerifies(Mechanism.of(CKM.RSA_PKCS), "rsa", new byte[245]);
        for (long mechanism : new long[] {
            CKM.SHA1_RSA_PKCS, CKM.SHA224_RSA_PKCS, CKM.SHA256_RSA_PKCS, CKM.SHA384_RSA_PKCS, CKM.SHA512_RSA_PKCS
        }) {
            signsAndVerifies(Mechanism.of(mechanism), "rsa", MESSAGE);
        }
        Mechanism.Parameter pss = new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 32);
        signsAndVerifies(new Mechanism(CKM.RSA_PKCS_PSS, pss), "rsa", digest("SHA-256"));
        signsAndVerifies(new Mechanism(CKM.SHA256_RSA_PKCS_PSS, pss), "rsa", MESSAGE);
        for (String hash : List.of("SHA-1", "SHA-256", "SHA-512")) {
            signsAndVerifies(Mechanism.of(CKM.ECDSA), "p256", digest(hash));
            signsAndVerifies(Mechanism.of(CKM.ECDSA), "p521", digest(hash));
        }
        signsAndVerifies(Mechanism.of(CKM.EDDSA), "ed25519", MESSAGE);
    }

    @Test
    @DisplayName("What is encrypted here the token decrypts")
    void decrypts() throws Exception {
        for (Mechanism mechanism : List.of(
                Mechanism.of(CKM.RSA_PKCS),
                new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(CKM.SHA_1, CKG.MGF1_SHA1, new byte[0])),
                new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(CKM.SHA256, CKG.MGF1_SHA256, new byte[0])))) {
            application.encryptInit(session, mechanism, key(CKO.PUBLIC_KEY, "rsa"));
            byte[] ciphertext = application.encrypt(session, MESSAGE);
            assertThat(application.decryptOnce(session, mechanism, key(CKO.PRIVATE_KEY, "rsa"), ciphertext))
                    .isEqualTo(MESSAGE);
        }
    }

    @Test
    @DisplayName("ECDH gives the same secret to both sides")
    void derives() throws Exception {
        KeyPair peer = SoftwareKeys.generate("EC", new ECGenParameterSpec("secp256r1"));
        byte[] encoded = peer.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length);
        long derived = application.deriveKey(
                session,
                new Mechanism(CKM.ECDH1_DERIVE, new Mechanism.Ecdh1(CKD.NULL, new byte[0], point)),
                key(CKO.PRIVATE_KEY, "p256"),
                List.of(Attribute.of(CKA.CLASS, CKO.SECRET_KEY), Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET)));
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(peer.getPrivate());
        agreement.doPhase((ECPublicKey) P256.getPublic(), true);
        assertThat(application
                        .getAttributeValue(session, derived, CKA.VALUE)
                        .get(CKA.VALUE)
                        .value())
                .isEqualTo(agreement.generateSecret());
    }

    @Test
    @DisplayName("Attributes and sizes are those that the module itself tells")
    void attributes() throws Exception {
        long[] types = {
            CKA.CLASS,
            CKA.TOKEN,
            CKA.PRIVATE,
            CKA.LABEL,
            CKA.KEY_TYPE,
            CKA.ID,
            CKA.SENSITIVE,
            CKA.DECRYPT,
            CKA.SIGN,
            CKA.UNWRAP,
            CKA.DERIVE,
            CKA.MODULUS,
            CKA.PUBLIC_EXPONENT,
            CKA.PRIVATE_EXPONENT,
            CKA.EXTRACTABLE,
            CKA.LOCAL,
            CKA.NEVER_EXTRACTABLE,
            CKA.ALWAYS_AUTHENTICATE,
            CKA.KEY_GEN_MECHANISM,
            CKA.EC_PARAMS,
            CKA.START_DATE
        };
        long object = key(CKO.PRIVATE_KEY, "rsa");
        Cryptoki module = rig.module().connect();
        long slot = module.getSlotList(true)[0];
        long own = module.openSession(slot, ApplicationRig.READ_ONLY);
        module.findObjectsInit(
                own,
                List.of(
                        Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY),
                        Attribute.of(CKA.LABEL, "rsa".getBytes(StandardCharsets.UTF_8))));
        long real = module.findObjects(own, 10)[0];
        module.findObjectsFinal(own);
        assertThat(application.getAttributeValue(session, object, types).attributes())
                .isEqualTo(module.getAttributeValue(own, real, types).attributes());
        assertThat(application.getObjectSize(session, object)).isEqualTo(module.getObjectSize(own, real));
        module.closeSession(own);
    }

    @Test
    @DisplayName("Many threads of one application, each in its own session, get right answers")
    void manyThreads() throws Exception {
        long slot = application.getSlotList(true)[0];
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                byte[] data = new byte[] {(byte) i, 1, 2, 3};
                tasks.add(() -> {
                    long mine = application.openSession(slot, ApplicationRig.READ_ONLY);
                    long secret = key(mine, CKO.PRIVATE_KEY);
                    long open = key(mine, CKO.PUBLIC_KEY);
                    for (int round = 0; round < 5; round++) {
                        byte[] signature = application.signOnce(mine, Mechanism.of(CKM.ECDSA), secret, data);
                        application.verifyInit(mine, Mechanism.of(CKM.ECDSA), open);
                        application.verify(mine, data, signature);
                    }
                    application.closeSession(mine);
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                assertThat(done.get()).isTrue();
            }
        }
    }

    private long key(long in, long objectClass) throws CryptokiException {
        application.findObjectsInit(
                in,
                List.of(
                        Attribute.of(CKA.CLASS, objectClass),
                        Attribute.of(CKA.LABEL, "p256".getBytes(StandardCharsets.UTF_8))));
        long found = application.findObjects(in, 1)[0];
        application.findObjectsFinal(in);
        return found;
    }

    @Test
    @DisplayName("Another login, lock or session of the module's does not show: handles stay good")
    void lockedInBetween() throws Exception {
        long secret = key(CKO.PRIVATE_KEY, "rsa");
        rig.token().logout();
        assertThat(key(CKO.PRIVATE_KEY, "rsa")).isEqualTo(secret);
        rig.login();
        assertThat(application.signOnce(session, Mechanism.of(CKM.SHA256_RSA_PKCS), secret, MESSAGE))
                .hasSize(256);
        application.logout(session);
        refused(CKR.USER_NOT_LOGGED_IN, () -> application.signInit(session, Mechanism.of(CKM.SHA256_RSA_PKCS), secret));
    }
}
