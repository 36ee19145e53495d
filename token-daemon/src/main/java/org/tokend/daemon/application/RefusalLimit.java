package org.tokend.daemon.application;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Keeps a program that calls a refused function in a loop from filling the disk with records of it: each program gets a
 * handful of records for each function at once, and then one now and then that says how many were left out.
 */
final class RefusalLimit {
    private static final int AT_ONCE = 5;
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();
    /** Programs and functions that are kept apart; the one that was refused longest ago makes room. */
    private static final int MOST = 1024;

    private final LongSupplier nanos;
    private final Map<Kind, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Count> eldest) {
            return size() > MOST;
        }
    };

    RefusalLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Kind(int uid, String program, String function) {}

    private static final class Count {
        int left = AT_ONCE;
        long last;
        long omitted;
    }

    /** @return empty when this refusal is not to be written; else how many before it were not */
    synchronized OptionalLong next(int uid, String program, String function) {
        long now = nanos.getAsLong();
        Count count = counts.computeIfAbsent(new Kind(uid, program, function), unused -> new Count());
        if (count.left == 0 && now - count.last < INTERVAL) {
            count.omitted++;
            return OptionalLong.empty();
        }
        count.left = Math.max(0, count.left - 1);
        count.last = now;
        long omitted = count.omitted;
        count.omitted = 0;
        return OptionalLong.of(omitted);
    }
}
