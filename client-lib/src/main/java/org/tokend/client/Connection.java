package org.tokend.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.ErrorCode;

/** A Unix stream socket whose reads and writes answer 0 once the deadline is past. */
final class Connection implements ByteChannel {
    private static final Duration BACKLOG_PAUSE = Duration.ofMillis(20);

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private long deadline;

    private Connection(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, 0);
    }

    static Connection open(Path socket, Duration patience) {
        SocketPath.check(socket);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            SocketChannel channel = connect(socket);
            while (channel == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw new TokenClientException(
                            ErrorCode.BUSY, "tokend at " + socket + " takes no more connections; try again later");
                }
                Thread.sleep(BACKLOG_PAUSE.toMillis());
                channel = connect(socket);
            }
            return new Connection(channel, Selector.open());
        } catch (ConnectException e) {
            throw SocketPath.notRunning(socket, e);
        } catch (IOException e) {
            throw new TokenClientException.NotRunning(
                    "tokend at " + socket + " cannot be reached: " + e.getMessage() + "; may you use it?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenClientException.NotRunning("Interrupted while waiting for tokend at " + socket, e);
        }
    }

    /** Null when the daemon's queue of new connections is full, where a blocking connect would wait for ever (unix(7)). */
    private static @Nullable SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(UnixDomainSocketAddress.of(socket));
            return connected ? channel : null;
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            // The JDK has one type for EAGAIN and EACCES.
            if (!Files.isWritable(socket)) {
                throw e;
            }
            return null;
        } finally {
            if (!connected) {
                channel.close();
            }
        }
    }

    void deadlineIn(Duration patience) {
        deadline = System.nanoTime() + patience.toNanos();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        while (count == 0 && await(SelectionKey.OP_READ)) {
            count = channel.read(into);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = channel.write(from);
        while (count == 0 && await(SelectionKey.OP_WRITE)) {
            count = channel.write(from);
        }
        return count;
    }

    private boolean await(int operation) throws IOException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            key.interestOps(operation);
            selector.select(Math.max(1, left / 1_000_000));
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw new ClosedChannelException();
        }
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
        return true;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** From any thread; a thread that waits in here wakes up with a ClosedChannelException. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            selector.close();
        }
    }
}
