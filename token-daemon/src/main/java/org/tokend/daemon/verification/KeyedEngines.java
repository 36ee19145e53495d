package org.tokend.daemon.verification;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Engines (Signature, Cipher) that have the public key which was used last, one for each thread that verifies at this moment. Keys
 * are used many times in a row, and to find an engine and give it a key costs as much as the verification. Thread-safe.
 *
 * @param <E> an engine that is ready for the next block when it is done with one
 */
final class KeyedEngines<E> {
    private final String keyAlgorithm;
    private final Provider provider;
    private final Maker<E> maker;
    private volatile @Nullable Known<E> last;

    /** Makes an engine that has a key. */
    interface Maker<E> {
        E make(Provider provider, PublicKey key) throws GeneralSecurityException;
    }

    /** What is done with an engine. */
    interface Work<E, R> {
        R with(E engine) throws GeneralSecurityException;
    }

    private record Known<E>(byte[] subjectPublicKeyInfo, PublicKey key, Deque<E> idle) {}

    KeyedEngines(String keyAlgorithm, Provider provider, Maker<E> maker) {
        this.keyAlgorithm = keyAlgorithm;
        this.provider = provider;
        this.maker = maker;
    }

    <R> R use(byte[] subjectPublicKeyInfo, Work<E, R> work) throws GeneralSecurityException {
        Known<E> known = known(subjectPublicKeyInfo);
        E engine = known.idle.pollFirst();
        if (engine == null) {
            engine = maker.make(provider, known.key);
        }
        R result = work.with(engine);
        // One that has thrown is not trusted with another block.
        known.idle.addFirst(engine);
        return result;
    }

    private Known<E> known(byte[] subjectPublicKeyInfo) throws GeneralSecurityException {
        Known<E> known = last;
        if (known == null || !Arrays.equals(known.subjectPublicKeyInfo, subjectPublicKeyInfo)) {
            PublicKey key = KeyFactory.getInstance(keyAlgorithm, provider)
                    .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
            known = new Known<>(subjectPublicKeyInfo, key, new ConcurrentLinkedDeque<>());
            last = known;
        }
        return known;
    }
}
