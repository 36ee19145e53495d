package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A program started with nothing of ours but what it is given: session and process group of its own, standard streams on
 * /dev/null, working directory /, default signal handling, the sockets it gets as descriptors 3, 4, … and no other.
 * {@link ProcessBuilder} can do none of that.
 */
public final class ChildProcess {
    private static final int STANDARD_INPUT = 0;
    private static final int FIRST_AFTER_STREAMS = 3;
    private static final int SIGKILL = 9;
    private static final int WNOHANG = 1;
    private static final int EINTR = 4;
    private static final int STILL_RUNNING = -1;
    private static final long POLL_NANOS = 500_000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final MethodHandle WAITPID =
            Libc.function("waitpid", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle KILL = Libc.function("kill", Libc.ints(2));

    private final int pid;
    private int status = STILL_RUNNING;

    private ChildProcess(int pid) {
        this.pid = pid;
    }

    /**
     * @param command absolute path of the program, then its arguments
     * @param environment all of it
     * @param sockets become descriptors 3, 4, … of the program; ours stay open
     */
    public static ChildProcess start(List<String> command, Map<String, String> environment, List<Descriptor> sockets)
            throws IOException {
        return start(command, environment, sockets, FIRST_AFTER_STREAMS);
    }

    /** The same with one socket, which becomes standard input and standard output. */
    static ChildProcess startOnStreams(List<String> command, Map<String, String> environment, Descriptor socket)
            throws IOException {
        return start(command, environment, List.of(socket, socket), STANDARD_INPUT);
    }

    private static ChildProcess start(
            List<String> command, Map<String, String> environment, List<Descriptor> sockets, int first)
            throws IOException {
        try (Arena arena = Arena.ofConfined();
                SpawnPlan plan = new SpawnPlan(arena, sockets, first)) {
            return new ChildProcess(plan.spawn(command, environment));
        }
    }

    public int pid() {
        return pid;
    }

    /** SIGKILL to the process and to all that it started in its group. Nothing happens once it has been waited for. */
    public synchronized void kill() {
        if (status == STILL_RUNNING) {
            try (Arena arena = Arena.ofConfined()) {
                int ignored = (int) KILL.invokeExact(arena.allocate(Libc.captured()), -pid, SIGKILL);
            } catch (Throwable e) {
                throw Libc.unexpected(e);
            }
        }
    }

    /** Whether it still runs; takes its exit status when it does not. */
    public synchronized boolean alive() {
        return status == STILL_RUNNING && !reap();
    }

    /**
     * Waits for the end and says how it came, in words for a log. A process that sleeps inside a driver outlives SIGKILL for
     * a while, hence the limit; it is then for {@link #alive} to take its status later.
     */
    public String awaitEnd(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (alive()) {
            if (System.nanoTime() > deadline) {
                return "still there after " + millis + " ms";
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return ending();
    }

    private synchronized String ending() {
        int signal = status & 0x7f;
        return signal != 0 ? "killed by signal " + signal : "exit status " + ((status >> 8) & 0xff);
    }

    private boolean reap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.captured());
            MemorySegment word = arena.allocate(INT);
            int result = (int) WAITPID.invokeExact(state, pid, word, WNOHANG);
            if (result == pid) {
                status = word.get(INT, 0);
            } else if (result < 0 && Libc.errno(state) != EINTR) {
                // ECHILD: somebody else took the status; it is gone all the same.
                status = 0;
            }
            return status != STILL_RUNNING;
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    @Override
    public String toString() {
        return "ChildProcess[pid " + pid + "]";
    }
}
