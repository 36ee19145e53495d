package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * Connections that nobody serves: what they send is thrown away, nothing is written, and they are closed once their peers have
 * closed them. One thread for all of them, from the first one on.
 */
final class EndedConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndedConnections.class);
    private static final int MOST = 512;
    private static final int CHUNK = 4096;

    private final LinkedHashSet<UnixSocketChannel> open = new LinkedHashSet<>();
    private @Nullable Selector selector;
    private boolean closed;

    /** Takes the channel over. */
    synchronized void add(UnixSocketChannel channel) {
        try {
            channel.shutdownOutput();
            channel.configureBlocking(false);
            open.add(channel);
            if (open.size() > MOST) {
                // Whoever opens so many has to live with what it gets.
                open.removeFirst().close();
            }
            wake();
        } catch (IOException e) {
            open.remove(channel);
            close(channel);
        }
    }

    private void wake() throws IOException {
        Selector running = selector;
        if (running == null) {
            Selector started = NativeSelectorProvider.getInstance().openSelector();
            selector = started;
            Thread.ofPlatform().name("ended").daemon().start(() -> run(started));
        } else {
            running.wakeup();
        }
    }

    private void run(Selector running) {
        ByteBuffer rest = ByteBuffer.allocateDirect(CHUNK);
        try (running) {
            while (registerAll(running)) {
                running.select();
                for (SelectionKey key : running.selectedKeys()) {
                    if (key.channel() instanceof UnixSocketChannel channel) {
                        throwAway(channel, rest.clear());
                    }
                }
                running.selectedKeys().clear();
            }
        } catch (IOException e) {
            LOG.warn("ended=unwatched reason=\"{}\"", e.getMessage());
        }
    }

    private synchronized boolean registerAll(Selector running) throws IOException {
        for (UnixSocketChannel channel : open) {
            if (!channel.isRegistered()) {
                channel.register(running, SelectionKey.OP_READ);
            }
        }
        return !closed;
    }

    private void throwAway(UnixSocketChannel channel, ByteBuffer rest) {
        try {
            if (channel.read(rest) >= 0) {
                return;
            }
        } catch (IOException e) {
            // The peer has gone.
        }
        synchronized (this) {
            open.remove(channel);
            close(channel);
        }
    }

    private static void close(UnixSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is left to be done with it.
        }
    }

    synchronized List<Descriptor> duplicates() {
        return open.stream()
                .map(channel -> Descriptor.duplicate(channel.getFD()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.forEach(EndedConnections::close);
        open.clear();
        if (selector != null) {
            selector.wakeup();
        }
    }
}
