package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One of the kernel's clocks (clock_gettime(2)). For one thread at a time. */
final class KernelClock {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final long NANOS_OF_SECOND = 1_000_000_000;
    private static final NativeFunction CLOCK_GETTIME = NativeFunction.ofLibc("clock_gettime");

    private final int number;
    private final MemorySegment state;
    private final MemorySegment timespec;

    /** @param number as time.h has it, CLOCK_… */
    KernelClock(Arena arena, int number) {
        this.number = number;
        this.state = NativeFunction.state(arena);
        this.timespec = arena.allocate(WORD, 2);
    }

    long nanos() {
        if (CLOCK_GETTIME.callInt(state, number, timespec.address()) != 0) {
            throw new IllegalStateException("clock_gettime failed, errno " + NativeFunction.errno(state));
        }
        return timespec.getAtIndex(WORD, 0) * NANOS_OF_SECOND + timespec.getAtIndex(WORD, 1);
    }
}
