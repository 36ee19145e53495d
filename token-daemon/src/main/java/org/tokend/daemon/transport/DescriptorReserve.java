package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;

/** One file descriptor kept aside, so that a peer can be turned away when none is left, instead of spinning on accept. */
final class DescriptorReserve implements AutoCloseable {
    private @Nullable FileChannel spare = open();

    synchronized void turnAway(ListeningSocket socket) {
        close();
        try {
            UnixSocketChannel channel = socket.accept();
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Somebody else took the descriptor; the peer stays in the backlog.
        }
        spare = open();
    }

    @Override
    public synchronized void close() {
        try {
            if (spare != null) {
                spare.close();
            }
        } catch (IOException e) {
            // /dev/null has nothing to lose.
        }
        spare = null;
    }

    private static @Nullable FileChannel open() {
        try {
            return FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ);
        } catch (IOException e) {
            return null;
        }
    }
}
