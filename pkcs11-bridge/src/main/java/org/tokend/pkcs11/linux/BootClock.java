package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;

/** CLOCK_BOOTTIME: like {@link System#nanoTime}, but it goes on while the machine sleeps. Thread-safe. */
public final class BootClock {
    private static final int CLOCK_BOOTTIME = 7;

    private BootClock() {}

    public static long nanos() {
        try (Arena arena = Arena.ofConfined()) {
            return new KernelClock(arena, CLOCK_BOOTTIME).nanos();
        }
    }
}
