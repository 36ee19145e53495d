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

    /** Nobody new finds it; who waits can still be accepted. */
    default void hide() {}

    /** Whether somebody else keeps it open, so that who waits now is served by whoever comes after us. */
    default boolean staysOpen() {
        return false;
    }

    @Override
    void close();
}
