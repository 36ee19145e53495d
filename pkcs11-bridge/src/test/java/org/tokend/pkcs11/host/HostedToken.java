package org.tokend.pkcs11.host;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.rpc.Deadlines;

/** A SoftHSM token with one RSA key, behind a module that goes wrong when told, in a host of its own. */
final class HostedToken implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofMillis(1500);
    private static final byte[] MESSAGE = {1, 2, 3, 4};

    private final SoftHsmToken token = SoftHsmToken.create();
    private final KeyPair key = newKey();
    private final FaultModule faults;
    private final RememberingLog log = new RememberingLog();
    private final IsolatedModule module;

    HostedToken() {
        token.importKey(key, "key");
        faults = FaultModule.over(token);
        module = new IsolatedModule(settings(), log);
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private ModuleSettings settings() {
        return ModuleSettings.of("faulty", faults.modulePath())
                .withEnvironment(faults.environment())
                .withDeadlines(new Deadlines(DEADLINE, DEADLINE, DEADLINE, DEADLINE));
    }

    FaultModule faults() {
        return faults;
    }

    IsolatedModule module() {
        return module;
    }

    RememberingLog log() {
        return log;
    }

    /** Logs in where that is needed, signs once and checks the signature. */
    void sign() throws CryptokiException {
        try (Cryptoki cryptoki = module.connect()) {
            long session = cryptoki.openSession(slot(cryptoki), CKF.SERIAL_SESSION);
            login(cryptoki, session);
            byte[] signature =
                    cryptoki.signOnce(session, Mechanism.of(CKM.SHA256_RSA_PKCS), key(cryptoki, session), MESSAGE);
            cryptoki.closeSession(session);
            if (!isRight(signature)) {
                throw new AssertionError("a wrong signature");
            }
        }
    }

    long slot(Cryptoki cryptoki) throws CryptokiException {
        for (long slot : cryptoki.getSlotList(true)) {
            if (cryptoki.getTokenInfo(slot).label().equals(token.label())) {
                return slot;
            }
        }
        throw new AssertionError("no slot holds the token");
    }

    private void login(Cryptoki cryptoki, long session) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            cryptoki.login(session, CKU.USER, arena.allocateFrom(ValueLayout.JAVA_BYTE, token.pinBytes()));
        } catch (CryptokiException e) {
            if (e.returnValue() != org.tokend.pkcs11.cryptoki.CKR.USER_ALREADY_LOGGED_IN) {
                throw e;
            }
        }
    }

    private static long key(Cryptoki cryptoki, long session) throws CryptokiException {
        cryptoki.findObjectsInit(session, List.of(Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY)));
        long[] found = cryptoki.findObjects(session, 2);
        cryptoki.findObjectsFinal(session);
        return found[0];
    }

    private boolean isRight(byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key.getPublic());
            verifier.update(MESSAGE);
            return verifier.verify(signature);
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        faults.clear();
        module.close();
        faults.close();
        token.close();
    }
}
