package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Takes the process out of reach of other processes of the same user: no ptrace, no /proc/PID/mem, no core dump. */
public final class ProcessProtection {
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int RLIMIT_CORE = 4;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MethodHandle PRCTL = Libc.function(
            "prctl", FunctionDescriptor.of(INT, INT, LONG, LONG, LONG, LONG), Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SETRLIMIT =
            Libc.function("setrlimit", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS));

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
            MemorySegment limit = arena.allocate(LONG, 2);
            if ((int) SETRLIMIT.invokeExact(arena.allocate(Libc.captured()), RLIMIT_CORE, limit) != 0) {
                throw new IllegalStateException("setrlimit(RLIMIT_CORE, 0) failed");
            }
        } catch (Throwable e) {
            throw Libc.unexpected(e);
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
            MemorySegment state = arena.allocate(Libc.captured());
            if ((int) PRCTL.invokeExact(state, option, argument, 0L, 0L, 0L) != 0) {
                throw new IllegalStateException("prctl(" + option + ") failed, errno " + Libc.errno(state));
            }
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
