package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A stream socket, known by its number. Reads and writes go straight between the kernel and off-heap memory and block. One
 * thread reads at a time, and one writes; {@link #shutdown} may come from any thread and wakes them. Close only when no thread can
 * be inside a call: the kernel gives the number to somebody else at once.
 */
public final class Descriptor implements AutoCloseable {
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SHUT_RDWR = 2;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EPIPE = 32;
    private static final int ECONNRESET = 104;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG, INT);
    private static final MethodHandle RECV = Libc.function("recv", TRANSFER);
    private static final MethodHandle SEND = Libc.function("send", TRANSFER);
    private static final MethodHandle SHUTDOWN = Libc.function("shutdown", Libc.ints(2));
    private static final MethodHandle CLOSE = Libc.function("close", Libc.ints(1));
    private static final MethodHandle FCNTL = Libc.function("fcntl", Libc.ints(3), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETSOCKOPT =
            Libc.function("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, INT));

    private final int number;
    private final MemorySegment state = Arena.ofAuto().allocate(Libc.captured());
    private final MemorySegment sendState = Arena.ofAuto().allocate(Libc.captured());
    private boolean open = true;
    private long timeoutMillis;

    /** Takes over an open socket, such as one that was inherited. */
    public Descriptor(int number) {
        this.number = number;
    }

    /**
     * Waits for bytes.
     *
     * @return how many came, or -1 at the end of the stream
     * @throws SocketTimeoutException when none came within {@link #timeout}
     */
    public long read(MemorySegment into) throws IOException {
        while (true) {
            long count = transfer(RECV, state, into, MSG_NOSIGNAL);
            if (count > 0) {
                return count;
            }
            int errno = count == 0 ? 0 : Libc.errno(state);
            if (count == 0 || errno == ECONNRESET) {
                return -1;
            }
            if (errno != EINTR) {
                throw failure("recv", errno);
            }
        }
    }

    /** Takes what is there without waiting. @return how many bytes; 0 when none are there, or none will ever be again */
    public long readNow(MemorySegment into) {
        return Math.max(0, transfer(RECV, state, into, MSG_NOSIGNAL | MSG_DONTWAIT));
    }

    /** Writes all of it. */
    public void write(MemorySegment from) throws IOException {
        long written = 0;
        while (written < from.byteSize()) {
            long count = transfer(SEND, sendState, from.asSlice(written), MSG_NOSIGNAL);
            if (count >= 0) {
                written += count;
            } else if (Libc.errno(sendState) != EINTR) {
                throw failure("send", Libc.errno(sendState));
            }
        }
    }

    private long transfer(MethodHandle function, MemorySegment errno, MemorySegment memory, int flags) {
        try {
            return (long) function.invokeExact(errno, number, memory, memory.byteSize(), flags);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    private static IOException failure(String function, int errno) {
        return switch (errno) {
            case EAGAIN -> new SocketTimeoutException(function + " waited for its deadline in vain");
            case EPIPE, ECONNRESET -> new SocketException("the other end is closed");
            default -> new SocketException(function + " failed, errno " + errno);
        };
    }

    /** How long one read or write may wait for the other end; 0 is for ever. */
    public void timeout(long millis) throws IOException {
        setTimeout(millis, SO_RCVTIMEO, SO_SNDTIMEO);
    }

    /** How long one read may wait; writes wait for ever. To be used instead of {@link #timeout}, not beside it. */
    public void readTimeout(long millis) throws IOException {
        setTimeout(millis, SO_RCVTIMEO);
    }

    private void setTimeout(long millis, int... options) throws IOException {
        if (millis == timeoutMillis) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timeval = arena.allocate(LONG, 2);
            timeval.setAtIndex(LONG, 0, millis / 1000);
            timeval.setAtIndex(LONG, 1, millis % 1000 * 1000);
            for (int option : options) {
                int result = (int)
                        SETSOCKOPT.invokeExact(state, number, SOL_SOCKET, option, timeval, (int) timeval.byteSize());
                if (result != 0) {
                    throw failure("setsockopt", Libc.errno(state));
                }
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
        timeoutMillis = millis;
    }

    /** Ends both directions: whoever waits at either end is woken with the end of the stream. */
    public synchronized void shutdown() {
        if (open) {
            try (Arena arena = Arena.ofConfined()) {
                int ignored = (int) SHUTDOWN.invokeExact(arena.allocate(Libc.captured()), number, SHUT_RDWR);
            } catch (Throwable e) {
                throw Libc.unexpected(e);
            }
        }
    }

    /** Marks an inherited descriptor as not to be handed on to programs that we start. */
    public static void closeOnExec(int number) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) FCNTL.invokeExact(arena.allocate(Libc.captured()), number, F_SETFD, FD_CLOEXEC);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    int number() {
        return number;
    }

    static void close(int number) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(Libc.captured()), number);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
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
