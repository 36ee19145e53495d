package org.tokend.daemon.verification;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/** The public key that was parsed last: keys are used many times in a row, and parsing one costs a third of a verification. */
final class LastKey {
    private final String algorithm;
    private final Provider provider;
    private final AtomicReference<Known> last = new AtomicReference<>();

    LastKey(String algorithm, Provider provider) {
        this.algorithm = algorithm;
        this.provider = provider;
    }

    private record Known(byte[] subjectPublicKeyInfo, PublicKey key) {}

    PublicKey parse(byte[] subjectPublicKeyInfo) throws GeneralSecurityException {
        Known known = last.get();
        if (known != null && Arrays.equals(known.subjectPublicKeyInfo, subjectPublicKeyInfo)) {
            return known.key;
        }
        PublicKey key = KeyFactory.getInstance(algorithm, provider)
                .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
        last.set(new Known(subjectPublicKeyInfo, key));
        return key;
    }
}
