package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;

/** The processor time that the calling thread has used. One for each thread. */
public final class ThreadClock {
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;

    private final KernelClock clock = new KernelClock(Arena.ofAuto(), CLOCK_THREAD_CPUTIME_ID);

    /** In nanoseconds, user and system. */
    public long nanos() {
        return clock.nanos();
    }
}
