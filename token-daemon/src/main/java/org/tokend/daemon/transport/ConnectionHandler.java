package org.tokend.daemon.transport;

import java.io.IOException;

/** Speaks with one peer until it leaves. Called on a thread of the connection's own. */
@FunctionalInterface
public interface ConnectionHandler {
    void serve(Connection connection) throws IOException;

    default Parting parting() {
        return Parting.CLOSE;
    }
}
