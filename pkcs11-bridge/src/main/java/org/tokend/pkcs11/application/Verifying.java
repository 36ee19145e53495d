package org.tokend.pkcs11.application;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** Verifies with a public key, in software. */
final class Verifying implements Operation {
    private final PublicKey key;
    private final SignatureScheme scheme;
    private final Intake intake;

    private Verifying(PublicKey key, SignatureScheme scheme, Intake intake) {
        this.key = key;
        this.scheme = scheme;
        this.intake = intake;
    }

    static Verifying start(Calls calls, Session session, Mechanism mechanism, long handle)
            throws CryptokiException, TokenException {
        ApplicationObject object = calls.keys().key(session, KeyChoice.Use.VERIFY, mechanism.type(), handle);
        SignatureScheme scheme = SignatureScheme.of(mechanism);
        Intake intake = scheme.intake(calls.quota());
        return new Verifying(PublicKeys.of(object), scheme, intake);
    }

    void update(byte[] part) throws CryptokiException {
        intake.add(part);
    }

    /** @throws CryptokiException CKR_SIGNATURE_INVALID and its like */
    void finish(byte[] signature) throws CryptokiException {
        byte[] data = intake.take();
        boolean right = switch (scheme.family()) {
            case PKCS1 -> RsaVerification.pkcs1((RSAPublicKey) key, scheme, data, signature);
            case PSS -> RsaVerification.pss((RSAPublicKey) key, scheme, data, signature);
            case ECDSA -> CurveVerification.ecdsa(key, data, signature);
            case EDDSA -> CurveVerification.ed25519(key, data, signature);
        };
        if (!right) {
            throw Refusal.of(CKR.SIGNATURE_INVALID);
        }
    }

    @Override
    public void wipe() {
        intake.wipe();
    }
}
