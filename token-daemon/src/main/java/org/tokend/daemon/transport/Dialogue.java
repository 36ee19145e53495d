package org.tokend.daemon.transport;

import java.io.Closeable;
import java.io.IOException;

/** What is said on one connection. Used by one thread at a time, not always by the same. */
@FunctionalInterface
public interface Dialogue extends Closeable {
    /**
     * Reads and answers.
     *
     * @return true when nothing has come for a while: to be called again when something has; false when nothing will come any
     *     more
     */
    boolean serve() throws IOException;

    /** Once, at the end; the connection is still open then. */
    @Override
    default void close() throws IOException {}
}
