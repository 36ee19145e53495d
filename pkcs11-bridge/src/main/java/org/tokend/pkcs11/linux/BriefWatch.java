package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Looks again and again for a moment whether something has come, before it sleeps: to be put to sleep and woken costs up to 30 µs,
 * half of a P-256 signature. Only while things usually come that soon; what takes longer, and what comes to a machine that is
 * busy, is waited for asleep. For one thread at a time.
 */
public class BriefWatch {
    /** A wait without end must not count as the end of all short ones. */
    private static final int LONGEST_COUNTED = 8;

    private final boolean mayWatch;
    private final long longestNanos;

    /** A moving average of how long it takes. */
    private long usualNanos;

    /** Takes what has come. */
    public interface Taking {
        /** @return 0 when there is nothing yet */
        long take() throws IOException;
    }

    /** @param longestNanos of one watch */
    public BriefWatch(long longestNanos) {
        this(longestNanos, Runtime.getRuntime().availableProcessors());
    }

    /** @param processors with one there is no watching: who is waited for needs it */
    public BriefWatch(long longestNanos, int processors) {
        this.longestNanos = longestNanos;
        this.mayWatch = processors > 1;
    }

    /**
     * @param alone asked again and again: whether nobody else needs the processor
     * @param now takes without waiting
     * @param asleep waits
     * @return what either took
     */
    public long await(BooleanSupplier alone, Taking now, Taking asleep) throws IOException {
        long begin = System.nanoTime();
        try {
            while (mayWatch
                    && usualNanos < longestNanos
                    && alone.getAsBoolean()
                    && System.nanoTime() - begin < longestNanos) {
                long taken = now.take();
                if (taken > 0) {
                    return taken;
                }
                // Who is waited for may be waiting for this very processor.
                Thread.yield();
            }
            return asleep.take();
        } finally {
            long took = Math.min(System.nanoTime() - begin, LONGEST_COUNTED * longestNanos);
            usualNanos += (took - usualNanos) / 8;
        }
    }
}
