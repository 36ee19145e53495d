package org.tokend.pkcs11.rpc;

import java.util.Arrays;

/**
 * Which calls of a module compute and which wait for a device, and how long; so, how many of them should run at once. Thread-safe; that
 * a time or a count is lost now and then does no harm.
 */
class CallPace {
    /** Over before another thread would have been woken, or nearly. */
    static final long SHORT_NANOS = 300_000;

    /** So long others may be kept waiting who have not called lately. */
    private static final long BEARABLE_NANOS = 3_000_000;

    /** So many short calls in a row, and one thread is enough again. */
    private static final int SHORT_AGAIN = 64;

    private final int processors;
    private final CallTime[] times = new CallTime[Call.values().length];
    private volatile int leaders = 1;
    private volatile int shorts;

    /** What a thread that leads does about a call. */
    enum Way {
        /** Runs it. */
        SHORT,
        /** Runs it while others lead as well, as many as there are processors. */
        COMPUTING,
        /** Leaves the lead to another until it has ended. */
        WAITING
    }

    CallPace(int processors) {
        this.processors = processors;
        Arrays.setAll(times, call -> new CallTime());
    }

    /** How many threads should lead. */
    int leaders() {
        return leaders;
    }

    /** @param alone whether nobody else has called lately */
    Way begins(Call call, boolean alone) {
        CallTime time = times[call.ordinal()];
        if (CallWeight.of(call) == CallWeight.BLOCKING) {
            return Way.WAITING;
        }
        if (time.wallNanos() <= SHORT_NANOS && time.computes() || alone && time.wallNanos() <= BEARABLE_NANOS) {
            if (leaders > 1 && ++shorts > SHORT_AGAIN) {
                leaders = 1;
            }
            return Way.SHORT;
        }
        if (!time.computes()) {
            return Way.WAITING;
        }
        shorts = 0;
        leaders = processors;
        return Way.COMPUTING;
    }

    CallTime of(Call call) {
        return times[call.ordinal()];
    }
}
