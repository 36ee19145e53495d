package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Whether the other end of a socket is closed, told without reading from it. */
public final class PeerHangup {
    private static final short POLLERR = 0x8;
    private static final short POLLHUP = 0x10;
    private static final NativeFunction POLL = NativeFunction.ofLibc("poll");

    private PeerHangup() {}

    /**
     * A peer that only writes no more (shutdown(2)) still waits for its answer and is not gone.
     *
     * @param descriptor of a stream socket, open for as long as this runs
     */
    public static boolean at(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            // struct pollfd: int fd; short events; short revents. POLLERR and POLLHUP are told without being asked for.
            MemorySegment waited = arena.allocate(ValueLayout.JAVA_INT.byteSize() * 2);
            waited.set(ValueLayout.JAVA_INT, 0, descriptor);
            int ready = POLL.callInt(state, waited.address(), 1, 0);
            return ready == 1 && (waited.get(ValueLayout.JAVA_SHORT, 6) & (POLLERR | POLLHUP)) != 0;
        }
    }
}
