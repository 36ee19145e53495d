package org.tokend.pkcs11.rpc;

/**
 * What one connection has shown so far: whether it sends calls while others run, and which of its calls take long. Waking a
 * thread costs more than most calls, so another one takes over reading only where it pays. Written by whichever thread runs a
 * call; that a value is lost now and then does no harm.
 */
final class Pace {
    /**
     * Longer than this, another thread reads on although nothing has ever come ahead: so long a first such call may wait. Calls of
     * many programs at once, which wait for each other, shall stay below it.
     */
    private static final long LONG_NANOS = 20_000_000;

    /** So many calls in a row, during which nothing came, make a connection count as single-threaded again. */
    private static final int LONELY_CALLS = 32;

    private final long[] lastNanos = new long[Call.values().length];
    private volatile boolean sendsAhead;
    private int lonely;

    /** Whether somebody else should read on while the call runs. */
    boolean needsOtherReader(Call call, CallWeight weight) {
        return switch (weight) {
            case BLOCKING -> true;
            case HEAVY -> sendsAhead || lastNanos[call.ordinal()] > LONG_NANOS;
            case LIGHT -> lastNanos[call.ordinal()] > LONG_NANOS;
            case ALONE -> false;
        };
    }

    /** @param ahead whether anything came while the call ran */
    void ran(Call call, CallWeight weight, long nanos, boolean ahead) {
        lastNanos[call.ordinal()] = nanos;
        if (ahead) {
            lonely = 0;
            sendsAhead = true;
        } else if (sendsAhead && weight == CallWeight.HEAVY && ++lonely >= LONELY_CALLS) {
            sendsAhead = false;
        }
    }

    /** Whether it is of use to look, after a call, for what has arrived in the meantime. */
    boolean undecided() {
        return !sendsAhead;
    }
}
