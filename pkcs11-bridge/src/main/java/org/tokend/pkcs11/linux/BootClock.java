package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** CLOCK_BOOTTIME: like {@link System#nanoTime}, but it goes on while the machine sleeps. */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final NativeFunction CLOCK_GETTIME = NativeFunction.ofLibc("clock_gettime");

    private BootClock() {}

    public static long nanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if (CLOCK_GETTIME.callInt(state, CLOCK_BOOTTIME, time.address()) != 0) {
                throw new IllegalStateException("clock_gettime failed, errno " + NativeFunction.errno(state));
            }
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                    + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
        }
    }
}
