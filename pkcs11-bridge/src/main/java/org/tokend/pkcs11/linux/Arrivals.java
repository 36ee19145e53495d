package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Tells which of many descriptors something has arrived at, the end of the stream included (epoll(7)). Closing a descriptor ends
 * the watching.
 */
public final class Arrivals implements AutoCloseable {
    /** So many are told at once. */
    public static final int MOST = 64;

    private static final int EPOLL_CLOEXEC = 0_2000000;
    private static final int ADD = 1;
    private static final int MODIFY = 3;
    private static final int IN = 0x1;
    private static final int PEER_WRITES_NO_MORE = 0x2000;
    private static final int ONE_SHOT = 1 << 30;
    private static final int EACH_ARRIVAL = 1 << 31;
    private static final int NOW = 0;
    private static final int FOR_EVER = -1;
    private static final int EINTR = 4;
    private static final int ENOENT = 2;
    private static final long[] NONE = {};
    /** Of no descriptor that a caller watches. */
    private static final long END = Long.MIN_VALUE;

    /** struct epoll_event is packed on x86-64 only. */
    private static final int DATA = "amd64".equals(System.getProperty("os.arch")) ? Integer.BYTES : Long.BYTES;

    private static final long SIZE = DATA + Long.BYTES;

    private static final NativeFunction EPOLL_CREATE1 = NativeFunction.ofLibc("epoll_create1");
    private static final NativeFunction EPOLL_CTL = NativeFunction.ofLibc("epoll_ctl");
    private static final NativeFunction EPOLL_WAIT = NativeFunction.ofLibc("epoll_wait");

    private final Descriptor epoll;
    private final SocketPair ending;
    private boolean ended;
    private final Watcher watcher = new Watcher();

    private Arrivals(Descriptor epoll, SocketPair ending) {
        this.epoll = epoll;
        this.ending = ending;
    }

    public static Arrivals open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            int number = EPOLL_CREATE1.callInt(state, EPOLL_CLOEXEC);
            if (number < 0) {
                throw new IOException("epoll_create1 failed, errno " + NativeFunction.errno(state));
            }
            return new Arrivals(new Descriptor(number), SocketPair.open());
        }
    }

    /**
     * Told once, and then to be watched again. From any thread.
     *
     * @param name by which {@link #await} tells it
     * @return false after {@link #end}
     */
    public boolean watch(int descriptor, long name) throws IOException {
        return watch(descriptor, name, ONE_SHOT);
    }

    /**
     * Told whenever something new arrives: what is told has to be read to its end. From any thread.
     *
     * @param name by which {@link #await} tells it
     * @return false after {@link #end}
     */
    public boolean watchOn(int descriptor, long name) throws IOException {
        return watch(descriptor, name, EACH_ARRIVAL);
    }

    private synchronized boolean watch(int descriptor, long name, int manner) throws IOException {
        if (ended) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            MemorySegment event = arena.allocate(SIZE, Long.BYTES);
            event.set(ValueLayout.JAVA_INT, 0, IN | PEER_WRITES_NO_MORE | manner);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, name);
            int result = control(state, MODIFY, descriptor, event);
            if (result < 0 && NativeFunction.errno(state) == ENOENT) {
                result = control(state, ADD, descriptor, event);
            }
            if (result < 0) {
                throw new IOException("epoll_ctl failed, errno " + NativeFunction.errno(state));
            }
            return true;
        }
    }

    private int control(MemorySegment state, int operation, int descriptor, MemorySegment event) {
        return EPOLL_CTL.callInt(state, epoll.number(), operation, descriptor, event.address());
    }

    /** Waits for at least one. By one thread at a time. @return the names; none after {@link #end} */
    public long[] await() throws IOException {
        return watcher.await(MOST);
    }

    /** For a thread of its own, beside others: each arrival is told to one of them. */
    public Watcher watcher() {
        return new Watcher();
    }

    /** What one thread at a time takes arrivals with. */
    public final class Watcher {
        private final MemorySegment state = NativeFunction.state(Arena.ofAuto());
        private final MemorySegment events = Arena.ofAuto().allocate(MOST * SIZE, Long.BYTES);

        private Watcher() {}

        /** Waits for at least one. @param most at once, up to {@link #MOST} @return the names; none after {@link #end} */
        public long[] await(int most) throws IOException {
            int count;
            do {
                count = count(most);
            } while (count == 0);
            return names(count);
        }

        /** Those that are there already. @param most at once, up to {@link #MOST} @return the names; none when there are none, or after {@link #end} */
        public long[] now(int most) {
            return names(EPOLL_WAIT.look(epoll.number(), events.address(), Math.min(most, MOST), NOW));
        }

        private int count(int most) throws IOException {
            int count = EPOLL_WAIT.callInt(state, epoll.number(), events.address(), Math.min(most, MOST), FOR_EVER);
            if (count < 0 && NativeFunction.errno(state) != EINTR) {
                throw new IOException("epoll_wait failed, errno " + NativeFunction.errno(state));
            }
            return Math.max(0, count);
        }

        /** @param count less than one when there are none */
        private long[] names(int count) {
            Reference.reachabilityFence(events);
            if (count <= 0) {
                return NONE;
            }
            long[] names = new long[count];
            for (int i = 0; i < count; i++) {
                names[i] = events.get(ValueLayout.JAVA_LONG_UNALIGNED, i * SIZE + DATA);
                if (names[i] == END) {
                    return NONE;
                }
            }
            return names;
        }
    }

    /** From any thread: who waits, waits no more. */
    public synchronized void end() throws IOException {
        if (watch(ending.here().number(), END)) {
            ended = true;
            ending.there().close();
        }
    }

    /** By the thread that waited, after the end. */
    @Override
    public void close() {
        ending.close();
        epoll.close();
    }
}
