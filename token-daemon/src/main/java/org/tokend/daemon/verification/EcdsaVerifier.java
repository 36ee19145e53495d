package org.tokend.daemon.verification;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;

/** ECDSA over a digest. */
final class EcdsaVerifier {
    private final Provider provider;
    private final LastKey keys;

    EcdsaVerifier(Provider provider) {
        this.provider = provider;
        this.keys = new LastKey("EC", provider);
    }

    boolean verify(byte[] subjectPublicKeyInfo, byte[] digest, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("NONEwithECDSA", provider);
        verifier.initVerify(keys.parse(subjectPublicKeyInfo));
        verifier.update(digest);
        return verifier.verify(signature);
    }
}
