package org.tokend.pkcs11.application;

import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * How many bytes one application keeps, of one kind. It has a few of its own, however many the others keep; the rest comes out of what all
 * share. Thread-safe.
 */
final class Quota {
    /** Enough for what most applications ever keep. */
    static final long OWN = 16 << 10;

    private final long most;
    private final long refusal;
    private final MemoryBudget.Share share;
    private long taken;

    /** @param refusal return value for what is over {@code most} */
    Quota(long most, long refusal, MemoryBudget.Share share) {
        this.most = most;
        this.refusal = refusal;
        this.share = share;
    }

    /** @throws CryptokiException and nothing is taken */
    synchronized void take(long bytes) throws CryptokiException {
        if (bytes > most - taken) {
            throw Refusal.of(refusal);
        }
        long shared = shared(taken + bytes) - shared(taken);
        if (shared > 0) {
            share.take(shared);
        }
        taken += bytes;
    }

    synchronized void giveBack(long bytes) {
        long shared = shared(taken) - shared(taken - bytes);
        if (shared > 0) {
            share.giveBack(shared);
        }
        taken -= bytes;
    }

    private static long shared(long bytes) {
        return Math.max(0, bytes - OWN);
    }
}
