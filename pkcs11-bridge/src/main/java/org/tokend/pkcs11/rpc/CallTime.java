package org.tokend.pkcs11.rpc;

/**
 * How long one kind of call takes at best, by the clock and of the processor. The best of some calls, not their mean: a machine that
 * is busy makes calls long without making them wait for a device.
 */
final class CallTime {
    /** One in so many calls is measured, as long as they are short. */
    private static final int RARELY = 8;

    /** After so many the best is forgotten. */
    private static final int WINDOW = 8;

    private volatile long wall;
    private volatile long processor;
    private long windowWall = Long.MAX_VALUE;
    private long windowProcessor;
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
        if (wallNanos < windowWall) {
            windowWall = wallNanos;
            windowProcessor = processorNanos;
        }
        if (++measured >= WINDOW || wall == 0 || windowWall < wall) {
            processor = windowProcessor;
            wall = windowWall;
        }
        if (measured >= WINDOW) {
            measured = 0;
            windowWall = Long.MAX_VALUE;
        }
    }
}
