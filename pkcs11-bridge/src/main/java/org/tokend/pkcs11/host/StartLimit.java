package org.tokend.pkcs11.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When a host that ends by itself, or that had to be ended, may be started again: at once the first time, then after pauses
 * that double, and after too many endings not before a cool-down. Times are nanoseconds of one clock.
 */
final class StartLimit {
    static final Duration WINDOW = Duration.ofSeconds(60);
    static final Duration COOL_DOWN = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 4;

    private final Deque<Long> endings = new ArrayDeque<>();
    private final int most;

    /** @param most how many endings within the window are too many */
    StartLimit(int most) {
        this.most = most;
    }

    void ended(long now) {
        forget(now);
        endings.addLast(now);
        if (endings.size() > most) {
            endings.removeFirst();
        }
    }

    /** How many nanoseconds it still has to wait; 0 when it may be started. */
    long waitNanos(long now) {
        forget(now);
        if (endings.isEmpty()) {
            return 0;
        }
        long waited = now - endings.getLast();
        return Math.max(0, pause().toNanos() - waited);
    }

    private void forget(long now) {
        while (!endings.isEmpty() && now - endings.getFirst() > WINDOW.toNanos()) {
            endings.removeFirst();
        }
    }

    private Duration pause() {
        if (tripped()) {
            return COOL_DOWN;
        }
        int doublings = Math.min(endings.size() - 2, MOST_DOUBLINGS);
        return doublings < 0 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << doublings);
    }

    /** Too many endings within the window. */
    boolean tripped() {
        return endings.size() >= most;
    }
}
