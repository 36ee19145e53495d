package org.tokend.daemon.transport;

import java.io.IOException;

/** Speaks with peers. */
@FunctionalInterface
public interface ConnectionHandler {
    /** Called once for each connection, before its first byte is read; may take its time. */
    Dialogue open(Connection connection) throws IOException;

    default Parting parting() {
        return Parting.CLOSE;
    }
}
