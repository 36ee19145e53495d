package org.tokend.pkcs11.application;

import java.security.MessageDigest;
import java.util.Arrays;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** A digest, computed here. */
final class Digesting implements Transformation {
    private final MessageDigest digest;

    private Digesting(MessageDigest digest) {
        this.digest = digest;
    }

    static Digesting start(Mechanisms mechanisms, Session session, Mechanism mechanism)
            throws CryptokiException, TokenException {
        mechanisms.require(session.token(), mechanism.type(), CKF.DIGEST);
        String name = Hashes.named(mechanism.type());
        if (name == null) {
            throw Refusal.of(CKR.MECHANISM_INVALID);
        }
        if (!SignatureScheme.hasNoParameter(mechanism)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        return new Digesting(Hashes.start(name));
    }

    /** C_DigestKey: only secrets that are in memory here. */
    void update(ApplicationObject key) throws CryptokiException {
        if (!(key instanceof SessionObject secret) || key.objectClass() != CKO.SECRET_KEY) {
            throw Refusal.of(CKR.KEY_INDIGESTIBLE);
        }
        byte[] value = secret.secret(CKA.VALUE);
        digest.update(value);
        Arrays.fill(value, (byte) 0);
    }

    @Override
    public void update(byte[] part) {
        digest.update(part);
    }

    @Override
    public byte[] finish() {
        return digest.digest();
    }

    @Override
    public int bound() {
        return digest.getDigestLength();
    }

    @Override
    public void wipe() {
        digest.reset();
    }
}
