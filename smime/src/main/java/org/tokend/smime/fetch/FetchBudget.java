package org.tokend.smime.fetch;

import java.time.Duration;

/** The time that one decision may wait for the network, however many addresses it asks. */
public final class FetchBudget {

    public static final Duration USUAL = Duration.ofSeconds(3);

    private final long end;
    private final Duration total;

    private FetchBudget(Duration total) {
        this.total = total;
        // The machine's clock may be set while we wait; this one only runs.
        this.end = System.nanoTime() + total.toNanos();
    }

    /** Starts now. */
    public static FetchBudget of(Duration total) {
        return new FetchBudget(total);
    }

    public Duration total() {
        return total;
    }

    /** Never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** One address gets at most half of the whole, so that a black hole leaves time for the next one. */
    public Duration forOneAddress() {
        Duration half = total.dividedBy(2);
        Duration left = left();
        return left.compareTo(half) < 0 ? left : half;
    }
}
