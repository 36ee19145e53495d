package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A program started with nothing of ours but what it is given: session and process group of its own, standard streams on
 * /dev/null, working directory /, default signal handling, the sockets it gets as descriptors 3, 4, … and no other.
 * {@link ProcessBuilder} can do none of that. What it starts, and leaves in its group, dies with it.
 */
public final class ChildProcess {
    private static final int STANDARD_INPUT = 0;
    private static final int FIRST_AFTER_STREAMS = 3;
    private static final int SIGKILL = 9;
    private static final int EINTR = 4;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final long PIDFD_OPEN = 434;
    private static final int WITHOUT_PIDFD_MILLIS = 2000;
    private static final long POLL_NANOS = 500_000;
    private static final int STILL_RUNNING = -1;

    /** siginfo_t of SIGCHLD on 64-bit machines: si_pid stands behind three ints and their padding. */
    private static final long SIGINFO_SIZE = 128;

    private static final long SIGINFO_PID = 16;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final NativeFunction WAITPID = NativeFunction.ofLibc("waitpid");
    private static final NativeFunction WAITID = NativeFunction.ofLibc("waitid");
    private static final NativeFunction KILL = NativeFunction.ofLibc("kill");
    private static final NativeFunction SYSCALL = NativeFunction.ofLibc("syscall");

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

    /** SIGKILL to the process and its group. */
    public synchronized void kill() {
        // Until its status has been taken the number cannot belong to anybody else.
        if (status == STILL_RUNNING) {
            try (Arena arena = Arena.ofConfined()) {
                int ignored = KILL.callInt(NativeFunction.state(arena), -pid, SIGKILL);
            }
        }
    }

    /** Whether it still runs; when it does not, its exit status is taken and its group is killed. */
    public synchronized boolean alive() {
        if (status == STILL_RUNNING && exited()) {
            kill();
            status = takeStatus();
        }
        return status == STILL_RUNNING;
    }

    /**
     * Waits until the process has ended or there is something to read, or the end, on the socket. That a socket to it is
     * still open proves nothing: the process may have left a child that holds the other end.
     *
     * @return false when it waited for so long in vain
     */
    public boolean awaitEndOr(Descriptor socket, int millis) {
        int pidfd = openPidfd();
        try (Arena arena = Arena.ofConfined()) {
            // Kernels before 5.3 and some containers give no pidfd.
            Poll poll = new Poll(arena, socket.number(), pidfd);
            long deadline = System.nanoTime() + millis * 1_000_000L;
            int ready = 0;
            while (ready == 0 && alive()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                ready = poll.await(pidfd < 0 ? Math.min(left, WITHOUT_PIDFD_MILLIS) : left);
            }
            return true;
        } finally {
            if (pidfd >= 0) {
                Descriptor.close(pidfd);
            }
        }
    }

    private int openPidfd() {
        try (Arena arena = Arena.ofConfined()) {
            return SYSCALL.callInt(NativeFunction.state(arena), PIDFD_OPEN, pid, 0);
        }
    }

    /**
     * Waits for the end and says how it came, in words for a log. A process that sleeps inside a driver outlives SIGKILL for
     * a while, hence the limit; it is then for {@link #alive} to take its status later.
     */
    public String awaitEnd(long millis) {
        long start = System.nanoTime();
        while (alive()) {
            if (System.nanoTime() - start > millis * 1_000_000) {
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

    /** Looks without taking the status. */
    private boolean exited() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            MemorySegment info = arena.allocate(SIGINFO_SIZE, Long.BYTES);
            int result = WAITID.callInt(state, P_PID, pid, info.address(), WEXITED | WNOHANG | WNOWAIT);
            // ECHILD: somebody else took the status; it is gone all the same.
            return result == 0 ? info.get(INT, SIGINFO_PID) == pid : NativeFunction.errno(state) != EINTR;
        }
    }

    private int takeStatus() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(INT);
            int ignored = WAITPID.callInt(NativeFunction.state(arena), pid, word.address(), WNOHANG);
            return word.get(INT, 0);
        }
    }

    @Override
    public String toString() {
        return "ChildProcess[pid " + pid + "]";
    }
}
