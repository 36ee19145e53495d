package org.tokend.pkcs11.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** How many threads wait for replies of one host, now and lately. Thread-safe; a count that is a little off does no harm. */
public final class HostTraffic {
    /** So many waits by one thread alone, in a row, until the host counts as quiet again. */
    private static final int QUIET_AFTER = 64;

    /** Fewer are served quicker by sockets of their own. */
    private static final int CROWD = 6;

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger untilQuiet = new AtomicInteger();

    /** The calling thread begins to wait. */
    void enter() {
        if (waiting.incrementAndGet() > 1) {
            untilQuiet.set(QUIET_AFTER);
        } else if (untilQuiet.get() > 0) {
            untilQuiet.decrementAndGet();
        }
    }

    /** It waits no more. */
    void leave() {
        waiting.decrementAndGet();
    }

    /** Whether so many wait that their replies, when they are quickly made, may come several at a time. */
    boolean isCrowded() {
        return waiting.get() >= CROWD;
    }

    /** Whether no other has entered lately, so that a thread that watches would keep nobody from a processor. */
    boolean isQuiet() {
        return untilQuiet.get() <= 0;
    }
}
