package org.tokend.daemon.transport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import jnr.enxio.channels.NativeServerSocketChannel;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix socket that systemd handed to us as standard input ({@code StandardInput=socket}). The JDK recognises it;
 * accepting through the C library instead of the JDK's channel keeps the numbers of SO_PEERCRED, which the JDK turns into
 * names.
 */
public final class InheritedSocket implements ListeningSocket {
    private static final int STANDARD_INPUT = 0;
    private static final int SOCK_CLOEXEC = 0_2000000;
    private static final int EAGAIN = 11;

    private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final MethodHandle ACCEPT4 = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("accept4"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT),
                    Linker.Option.captureCallState("errno"));

    private final NativeServerSocketChannel channel = new NativeServerSocketChannel(STANDARD_INPUT);
    private final String name;

    private InheritedSocket(String name) {
        this.name = name;
    }

    /** The inherited socket, or empty when standard input is something else. */
    public static Optional<InheritedSocket> find() throws IOException {
        Channel inherited = System.inheritedChannel();
        if (inherited instanceof ServerSocketChannel server
                && server.getLocalAddress() instanceof UnixDomainSocketAddress address) {
            return Optional.of(new InheritedSocket(address.getPath().toString()));
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
            MemorySegment state = arena.allocate(CAPTURED);
            int descriptor = (int)
                    ACCEPT4.invokeExact(state, STANDARD_INPUT, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC);
            if (descriptor >= 0) {
                return UnixSocketChannel.fromFD(descriptor);
            }
            int errno = state.get(
                    ValueLayout.JAVA_INT, CAPTURED.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
            if (errno == EAGAIN) {
                return null;
            }
            throw new IOException("accept4 failed, errno " + errno);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** The socket stays with systemd, which keeps what connects until the next start. */
    @Override
    public void close() {}
}
