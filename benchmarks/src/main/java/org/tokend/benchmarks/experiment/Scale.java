package org.tokend.benchmarks.experiment;

import java.time.Duration;
import java.util.List;

/**
 * How thoroughly is measured.
 *
 * @param rounds how often each subject has its turn
 * @param turn how long a turn is
 * @param warmUp at most, of a daemon's JIT compiler for one kind of client and of operation
 * @param clients how many clients at once
 * @param keys how many keys on the token
 * @param repeats of what is started again and again
 * @param rest how long the daemon is watched doing nothing
 */
public record Scale(
        int rounds,
        Duration turn,
        Duration warmUp,
        List<Integer> clients,
        List<Integer> keys,
        int repeats,
        Duration rest) {
    public static final Scale FULL = new Scale(
            5,
            Duration.ofMillis(350),
            Duration.ofSeconds(20),
            List.of(1, 4, 16, 64),
            List.of(5, 500, 5_000),
            10,
            Duration.ofSeconds(20));

    public static final Scale QUICK = new Scale(
            3,
            Duration.ofMillis(150),
            Duration.ofSeconds(2),
            List.of(1, 16),
            List.of(5, 500),
            3,
            Duration.ofSeconds(5));

    public Scale {
        clients = List.copyOf(clients);
        keys = List.copyOf(keys);
    }
}
