package org.tokend.pkcs11.rpc;

import java.util.concurrent.TimeUnit;

/**
 * How long one kind of call takes at best, by the clock and of the processor. The best of some calls, not their mean: a machine that
 * is busy makes calls long without making them wait for a device.
 */
final class CallTime {
    /** No machine is so busy that a call without a device takes so long and computes for less than half of it. */
    private static final long DEVICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** One in so many calls is measured, as long as they are short. */
    private static final int RARELY = 8;

    /** After so many the best is forgotten. */
    private static final int WINDOW = 8;

    private volatile long wall;
    private volatile long processor;
    private long bestWall = Long.MAX_VALUE;
    private long bestProcessor;
    private int measured;
    private int since;

    /** 0 while nothing is known. */
    long wallNanos() {
        return wall;
    }

    /** Whether most of the time is the processor's; what is not known is taken to. */
    boolean computes() {
        return processor >= wall / 2;
    }

    /** Whether the call that begins should be measured. */
    boolean isDue() {
        return wall == 0 || wall > CallPace.SHORT_NANOS || ++since >= RARELY;
    }

    synchronized void took(long wallNanos, long processorNanos) {
        since = 0;
        measured++;
        if (wallNanos < bestWall) {
            bestWall = wallNanos;
            bestProcessor = processorNanos;
        }
        if (wallNanos >= DEVICE_NANOS && processorNanos < wallNanos / 2) {
            // A device, or a person: believed at once. A call that fails quickly now and then does not make it quick.
            know(wallNanos, processorNanos);
            forgetBest();
        } else if (measured >= WINDOW) {
            know(bestWall, bestProcessor);
            forgetBest();
        } else if (wall == 0 || bestWall < wall && wall < DEVICE_NANOS) {
            know(bestWall, bestProcessor);
        }
    }

    private void know(long wallNanos, long processorNanos) {
        processor = processorNanos;
        wall = wallNanos;
    }

    private void forgetBest() {
        measured = 0;
        bestWall = Long.MAX_VALUE;
    }
}
