package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/**
 * A stream socket, known by its number. Reads and writes go straight between the kernel and off-heap memory and block. One
 * thread reads at a time, and one writes; {@link #shutdown} may come from any thread and wakes them. Close only when no thread can
 * be inside a call: the kernel gives the number to somebody else at once.
 */
public final class Descriptor implements AutoCloseable {
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int SHUT_RDWR = 2;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EPIPE = 32;
    private static final int ECONNRESET = 104;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final NativeFunction RECV = NativeFunction.ofLibc("recv");
    private static final NativeFunction SEND = NativeFunction.ofLibc("send");
    private static final NativeFunction SHUTDOWN = NativeFunction.ofLibc("shutdown");
    private static final NativeFunction CLOSE = NativeFunction.ofLibc("close");
    private static final NativeFunction FCNTL = NativeFunction.ofLibc("fcntl");
    private static final NativeFunction SETSOCKOPT = NativeFunction.ofLibc("setsockopt");

    private final int number;
    private final MemorySegment state;
    private final MemorySegment sendState;
    private final Poll input;
    private boolean open = true;
    private long readMillis;
    private long writeMillis;

    /** Takes over an open socket, such as one that was inherited. */
    public Descriptor(int number) {
        this.number = number;
        Arena memory = Arena.ofAuto();
        this.state = NativeFunction.state(memory);
        this.sendState = NativeFunction.state(memory);
        this.input = new Poll(memory, number);
    }

    /**
     * Waits for bytes.
     *
     * @return how many came, or -1 at the end of the stream
     * @throws SocketTimeoutException when none came within {@link #timeout}
     */
    public long read(MemorySegment into) throws IOException {
        long count;
        do {
            if (!awaitInput()) {
                throw timedOut("poll");
            }
            count = readNow(into);
        } while (count == 0);
        return count;
    }

    /**
     * Waits until a read finds something, were it only the end of the stream. Not inside recv(2): who waits there is also woken
     * when the other end takes what was written here, for nothing, and it is the other end that pays for the waking.
     *
     * @return false when nothing came within {@link #timeout}
     */
    public boolean awaitInput() throws IOException {
        int ready = input.await(readMillis == 0 ? Poll.FOR_EVER : readMillis);
        if (ready < 0) {
            throw failure("poll", input.errno());
        }
        return ready > 0;
    }

    /** Takes what is there without waiting. @return how many bytes; 0 when none are there; -1 at the end of the stream */
    public long readNow(MemorySegment into) throws IOException {
        long count = transfer(RECV, state, into, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            return count;
        }
        int errno = count == 0 ? ECONNRESET : NativeFunction.errno(state);
        return switch (errno) {
            case ECONNRESET -> -1;
            case EAGAIN, EINTR -> 0;
            default -> throw failure("recv", errno);
        };
    }

    /** Whether a read would find something without waiting, were it only the end of the stream. */
    public boolean hasInput() {
        return input.isOver();
    }

    /** Writes all of it. */
    public void write(MemorySegment from) throws IOException {
        long written = 0;
        while (written < from.byteSize()) {
            long count = transfer(SEND, sendState, from.asSlice(written), MSG_NOSIGNAL);
            if (count >= 0) {
                written += count;
            } else if (NativeFunction.errno(sendState) != EINTR) {
                throw failure("send", NativeFunction.errno(sendState));
            }
        }
    }

    private long transfer(NativeFunction function, MemorySegment errno, MemorySegment memory, int flags) {
        try {
            return function.call(errno, number, memory.address(), memory.byteSize(), flags);
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    private static IOException failure(String function, int errno) {
        return switch (errno) {
            case EAGAIN -> timedOut(function);
            case EPIPE, ECONNRESET -> new SocketException("the other end is closed");
            default -> new SocketException(function + " failed, errno " + errno);
        };
    }

    private static SocketTimeoutException timedOut(String function) {
        return new SocketTimeoutException(function + " waited for its deadline in vain");
    }

    /** How long one read or write may wait for the other end; 0 is for ever. */
    public void timeout(long millis) throws IOException {
        readMillis = millis;
        if (millis == writeMillis) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocate(LONG, 2);
            timeval.setAtIndex(LONG, 0, millis / 1000);
            timeval.setAtIndex(LONG, 1, millis % 1000 * 1000);
            long result =
                    SETSOCKOPT.call(state, number, SOL_SOCKET, SO_SNDTIMEO, timeval.address(), timeval.byteSize(), 0);
            if ((int) result != 0) {
                throw failure("setsockopt", NativeFunction.errno(state));
            }
        }
        writeMillis = millis;
    }

    /** How long one read may wait. */
    public void readTimeout(long millis) {
        readMillis = millis;
    }

    /** Ends both directions: whoever waits at either end is woken with the end of the stream. */
    public synchronized void shutdown() {
        if (open) {
            try (Arena arena = Arena.ofConfined()) {
                int ignored = SHUTDOWN.callInt(NativeFunction.state(arena), number, SHUT_RDWR);
            }
        }
    }

    /** Marks an inherited descriptor as not to be handed on to programs that we start. */
    public static void closeOnExec(int number) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = FCNTL.callInt(NativeFunction.state(arena), number, F_SETFD, FD_CLOEXEC);
        }
    }

    /** Another number for the same open file; empty when there is none to be had. */
    public static Optional<Descriptor> duplicate(int number) {
        try (Arena arena = Arena.ofConfined()) {
            int copy = FCNTL.callInt(NativeFunction.state(arena), number, F_DUPFD_CLOEXEC, 0);
            return copy < 0 ? Optional.empty() : Optional.of(new Descriptor(copy));
        }
    }

    public int number() {
        return number;
    }

    static void close(int number) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = CLOSE.callInt(NativeFunction.state(arena), number);
        }
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            close(number);
        }
    }

    @Override
    public String toString() {
        return "Descriptor[" + number + "]";
    }
}
