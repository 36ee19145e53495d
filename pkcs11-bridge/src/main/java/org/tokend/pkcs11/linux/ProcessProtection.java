package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Takes the process out of reach of other processes of the same user: no ptrace, no /proc/PID/mem, no core dump. */
public final class ProcessProtection {
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int RLIMIT_CORE = 4;

    private static final NativeFunction PRCTL = NativeFunction.ofLibc("prctl");
    private static final NativeFunction SETRLIMIT = NativeFunction.ofLibc("setrlimit");

    private ProcessProtection() {}

    /**
     * PR_SET_DUMPABLE 0 and RLIMIT_CORE 0. Only half of the protection: the JVM must run with
     * {@code -XX:+DisableAttachMechanism} as well.
     *
     * @throws IllegalStateException when the kernel refuses
     */
    public static void forbidInspection() {
        prctl(PR_SET_DUMPABLE, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if (SETRLIMIT.callInt(NativeFunction.state(arena), RLIMIT_CORE, limit.address()) != 0) {
                throw new IllegalStateException("setrlimit(RLIMIT_CORE, 0) failed");
            }
        }
    }

    /** PR_SET_NO_NEW_PRIVS: nothing this process starts can gain rights from a setuid file. */
    public static void forbidNewPrivileges() {
        prctl(PR_SET_NO_NEW_PRIVS, 1);
    }

    /** PR_SET_PDEATHSIG: the kernel sends the signal when the parent's thread that started us ends. */
    public static void dieWithParent(int signal) {
        prctl(PR_SET_PDEATHSIG, signal);
    }

    private static void prctl(int option, long argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            if (PRCTL.callInt(state, option, argument) != 0) {
                throw new IllegalStateException("prctl(" + option + ") failed, errno " + NativeFunction.errno(state));
            }
        }
    }
}
