package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;

/** A Unix socket that listens: one that we bound, or one that was handed to us. */
public interface ListeningSocket extends AutoCloseable {

    /** For the selector; in non-blocking mode. */
    SelectableChannel channel();

    /** @return null when nobody waits any more */
    @Nullable
    UnixSocketChannel accept() throws IOException;

    /** What people are told about where it is. */
    String name();

    @Override
    void close();
}
