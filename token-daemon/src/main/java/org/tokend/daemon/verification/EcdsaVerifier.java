package org.tokend.daemon.verification;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;

/** ECDSA over a digest. */
final class EcdsaVerifier {
    private final KeyedEngines<Signature> engines;

    EcdsaVerifier(Provider provider) {
        this.engines = new KeyedEngines<>("EC", provider, EcdsaVerifier::engine);
    }

    private static Signature engine(Provider provider, PublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("NONEwithECDSA", provider);
        verifier.initVerify(key);
        return verifier;
    }

    boolean verify(byte[] subjectPublicKeyInfo, byte[] digest, byte[] signature) throws GeneralSecurityException {
        return engines.use(subjectPublicKeyInfo, verifier -> {
            verifier.update(digest);
            return verifier.verify(signature);
        });
    }
}
