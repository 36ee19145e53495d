package org.tokend.daemon.token;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When a module's slots are looked at: often while programs are connected, rarely while nobody would notice, and at once when a
 * program comes that would otherwise be told what was seen long ago.
 */
final class LookSchedule {
    private static final Duration RARELY = Duration.ofSeconds(30);

    /** For a look that was asked for: a module that hangs must not hold up who asks for another one's tokens. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    private final long often;
    private final long rarely;
    private long lookedAt = System.nanoTime();
    private long askedAt;
    private boolean resting;
    private boolean ended;
    private volatile boolean asked;

    LookSchedule(Duration often) {
        this(often, RARELY);
    }

    LookSchedule(Duration often, Duration rarely) {
        this.often = often.toNanos();
        this.rarely = rarely.toNanos();
    }

    /** A program has come. Never blocks. A look that takes long, as after a crash, is not waited for and not followed by another. */
    synchronized void ask() {
        long now = System.nanoTime();
        if (resting && !asked && now - lookedAt > often) {
            asked = true;
            askedAt = now;
            notifyAll();
        }
    }

    /** Waits for a while for a look that has been asked for. */
    void awaitAsked() throws InterruptedException {
        if (asked) {
            awaitLook();
        }
    }

    private synchronized void awaitLook() throws InterruptedException {
        long left = LONGEST_WAIT.toNanos() - (System.nanoTime() - askedAt);
        while (asked && !ended && left > 0) {
            waitNanos(left);
            left = LONGEST_WAIT.toNanos() - (System.nanoTime() - askedAt);
        }
    }

    /** A look has ended. */
    synchronized void looked() {
        asked = false;
        lookedAt = System.nanoTime();
        notifyAll();
    }

    /**
     * Waits until the next look is due.
     *
     * @param connected whether any program is
     * @return false when there is to be none
     */
    synchronized boolean awaitNext(BooleanSupplier connected) throws InterruptedException {
        long age = System.nanoTime() - lookedAt;
        while (!ended && !asked && age < rarely && (age < often || !connected.getAsBoolean())) {
            resting = true;
            waitNanos(often - age % often);
            resting = false;
            age = System.nanoTime() - lookedAt;
        }
        return !ended;
    }

    private void waitNanos(long nanos) throws InterruptedException {
        wait(nanos / 1_000_000 + 1);
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
