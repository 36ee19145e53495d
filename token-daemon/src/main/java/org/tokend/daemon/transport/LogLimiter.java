package org.tokend.daemon.transport;

import java.util.concurrent.atomic.AtomicLong;

/** One line a second at most, so that a flood of peers is not a flood of log lines; says how many were left out. */
final class LogLimiter {
    private static final long INTERVAL = 1_000_000_000L;

    private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL);
    private final AtomicLong skipped = new AtomicLong();

    /** @return how many were left out since the last line, or -1 when this one is to be left out as well */
    long admit() {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before < INTERVAL || !last.compareAndSet(before, now)) {
            skipped.incrementAndGet();
            return -1;
        }
        return skipped.getAndSet(0);
    }
}
