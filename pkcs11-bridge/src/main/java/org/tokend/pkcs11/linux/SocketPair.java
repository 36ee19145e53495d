package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;

/**
 * Two stream sockets joined to each other (socketpair(2)), both closed on exec: no path on disk, so nobody else can connect.
 */
public record SocketPair(Descriptor here, Descriptor there) implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final NativeFunction SOCKETPAIR = NativeFunction.ofLibc("socketpair");

    public static SocketPair open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            MemorySegment numbers = arena.allocate(INT, 2);
            if (SOCKETPAIR.callInt(state, AF_UNIX, SOCK_STREAM_CLOEXEC, 0, numbers.address()) != 0) {
                throw new SocketException("socketpair failed, errno " + NativeFunction.errno(state));
            }
            return new SocketPair(
                    new Descriptor(numbers.getAtIndex(INT, 0)), new Descriptor(numbers.getAtIndex(INT, 1)));
        }
    }

    @Override
    public void close() {
        here.close();
        there.close();
    }
}
