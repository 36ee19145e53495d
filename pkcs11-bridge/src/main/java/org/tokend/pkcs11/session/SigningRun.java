package org.tokend.pkcs11.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.SignInit;

/**
 * Signatures of one kind that follow each other, and the session in which C_SignInit has been called ahead for the next of them.
 * Not thread-safe: its pool's lock guards it.
 */
final class SigningRun {
    /** After so many of a kind the next one is awaited. */
    static final int ENOUGH = 3;

    private final long pauseNanos;

    private @Nullable SignInit kind;
    private long generation;
    private long last;
    private long number;
    private int length;
    private boolean refused;

    /** Good for the next signature of the run only. */
    private @Nullable Long begun;

    /** Begun for a run that has ended: good for being closed only. */
    private @Nullable Long spent;

    /** @param pause what takes longer ends a run: meanwhile a key may have been taken from the token, or changed */
    SigningRun(Duration pause) {
        this.pauseNanos = pause.toNanos();
    }

    /**
     * Something is about to be done in a session.
     *
     * @param wanted null when it is no signature, or one that needs a login of its own
     * @param now in the time of {@link System#nanoTime()}
     * @return the number of the run that it belongs to
     */
    long next(@Nullable SignInit wanted, long ofGeneration, long now) {
        boolean goesOn =
                wanted != null && wanted.equals(kind) && ofGeneration == generation && now - last <= pauseNanos;
        if (!goesOn) {
            number++;
            length = 0;
            spent = begun == null ? spent : begun;
            begun = null;
        }
        kind = wanted;
        generation = ofGeneration;
        last = now;
        length++;
        return number;
    }

    /** Whether another signature is to be expected after the present one. */
    boolean goesOn() {
        return !refused && kind != null && length >= ENOUGH;
    }

    /** @return the session in which the present signature has begun */
    @Nullable
    Long takeBegun() {
        Long taken = begun;
        begun = null;
        return taken;
    }

    /** @return what is good for nothing any more, or, for want of that, has begun for a signature that may not come */
    @Nullable
    Long takeUnneeded() {
        if (spent == null) {
            return takeBegun();
        }
        Long taken = spent;
        spent = null;
        return taken;
    }

    List<Long> takeAll() {
        List<Long> all = new ArrayList<>();
        for (Long session = takeUnneeded(); session != null; session = takeUnneeded()) {
            all.add(session);
        }
        return all;
    }

    /** @return false when the session has to be closed instead */
    boolean begin(long session, long ofRun) {
        if (begun != null || spent != null) {
            return false;
        }
        if (ofRun == number) {
            begun = session;
        } else {
            spent = session;
        }
        return true;
    }

    /** The token does not go along, now or later: what has begun in one session is in the way of others. */
    void refuse() {
        refused |= begun != null || spent != null;
    }

    boolean isRefused() {
        return refused;
    }
}
