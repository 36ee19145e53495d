package org.tokend.pkcs11.possession;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.tokend.pkcs11.KeyAlgorithm;

/** Verifies with the JDK what a token signed as a challenge. */
final class SoftwareVerifier {
    private SoftwareVerifier() {}

    static boolean verifies(PublicKey key, KeyAlgorithm algorithm, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(
                switch (algorithm) {
                    case RSA_PKCS1_SHA256 -> "SHA256withRSA";
                    case RSA_PSS_SHA256 -> "RSASSA-PSS";
                    case ECDSA_SHA256 -> "SHA256withECDSA";
                    case ED25519 -> "Ed25519";
                    default -> throw new IllegalArgumentException(algorithm + " signs no challenges");
                });
        if (algorithm == KeyAlgorithm.RSA_PSS_SHA256) {
            verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
    }

    static OAEPParameterSpec oaep(KeyAlgorithm algorithm) {
        return new OAEPParameterSpec(
                algorithm.digest(), "MGF1", new MGF1ParameterSpec(algorithm.digest()), PSource.PSpecified.DEFAULT);
    }
}
