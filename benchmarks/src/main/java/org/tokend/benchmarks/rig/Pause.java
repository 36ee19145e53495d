package org.tokend.benchmarks.rig;

import java.time.Duration;

/** Lets time pass. */
public final class Pause {
    private Pause() {}

    public static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted", e);
        }
    }
}
