package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The processor time that the calling thread has used. One for each thread. */
public final class ThreadClock {
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final NativeFunction CLOCK_GETTIME = NativeFunction.ofLibc("clock_gettime");

    private final MemorySegment state = NativeFunction.state(Arena.ofAuto());
    private final MemorySegment timespec = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);

    /** In nanoseconds, user and system. */
    public long nanos() {
        int ignored = CLOCK_GETTIME.callInt(state, CLOCK_THREAD_CPUTIME_ID, timespec.address());
        return timespec.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000 + timespec.getAtIndex(ValueLayout.JAVA_LONG, 1);
    }
}
