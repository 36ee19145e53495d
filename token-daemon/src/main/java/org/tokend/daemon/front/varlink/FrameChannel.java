package org.tokend.daemon.front.varlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import org.tokend.daemon.transport.Connection;

/**
 * Reads a connection for frames: between two of them until it is not worth a thread any more, inside one with a timeout, so
 * that the reader can give a slow peer up.
 */
final class FrameChannel implements ReadableByteChannel {
    /** How long a thread waits for the next request of a program that makes many. */
    private static final Duration LINGER = Duration.ofMillis(250);

    private static final int POLLS_IN_PATIENCE = 4;

    private final Connection connection;
    private final Duration poll;
    private boolean insideFrame;

    FrameChannel(Connection connection, Duration patience) {
        this.connection = connection;
        this.poll = patience.dividedBy(POLLS_IN_PATIENCE).plusMillis(1);
        connection.setReadTimeout(LINGER);
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int count = connection.read(buffer);
        if (count > 0) {
            // A request that came whole, the usual case, costs no system call here.
            boolean nowInside = buffer.get(buffer.position() - 1) != 0;
            if (nowInside != insideFrame) {
                insideFrame = nowInside;
                connection.setReadTimeout(nowInside ? poll : LINGER);
            }
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        connection.close();
    }
}
