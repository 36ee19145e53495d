package org.tokend.daemon.transport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import jnr.enxio.channels.NativeServerSocketChannel;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.linux.NativeFunction;

/**
 * A listening Unix socket that systemd handed to us, as standard input ({@code StandardInput=socket}) or by name (see
 * {@link InheritedDescriptors}). Accepting through the C library instead of the JDK's channel keeps the numbers of SO_PEERCRED,
 * which the JDK turns into names.
 */
public final class InheritedSocket implements ListeningSocket {
    private static final int STANDARD_INPUT = 0;
    private static final int SOCK_CLOEXEC = 0_2000000;
    private static final int EAGAIN = 11;

    private static final NativeFunction ACCEPT4 = NativeFunction.ofLibc("accept4");

    private final int number;
    private final NativeServerSocketChannel channel;
    private final String name;

    InheritedSocket(int number, String name) {
        this.number = number;
        this.channel = new NativeServerSocketChannel(number);
        this.name = name;
    }

    /** The inherited socket, or empty when standard input is something else. */
    public static Optional<InheritedSocket> find() throws IOException {
        Channel inherited = System.inheritedChannel();
        if (inherited instanceof ServerSocketChannel server
                && server.getLocalAddress() instanceof UnixDomainSocketAddress address) {
            return Optional.of(
                    new InheritedSocket(STANDARD_INPUT, address.getPath().toString()));
        }
        return Optional.empty();
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public @Nullable UnixSocketChannel accept() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            int descriptor = ACCEPT4.callInt(state, number, 0, 0, SOCK_CLOEXEC);
            if (descriptor >= 0) {
                return UnixSocketChannel.fromFD(descriptor);
            }
            if (NativeFunction.errno(state) == EAGAIN) {
                return null;
            }
            throw new IOException("accept4 failed, errno " + NativeFunction.errno(state));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean staysOpen() {
        return true;
    }

    /** The socket stays with systemd, which keeps what connects until the next start. */
    @Override
    public void close() {}
}
