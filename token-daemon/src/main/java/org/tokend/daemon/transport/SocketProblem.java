package org.tokend.daemon.transport;

import java.io.IOException;

/** The socket cannot be opened where it should be. The message names the path and says what to do. */
public final class SocketProblem extends IOException {
    private static final long serialVersionUID = 1L;

    SocketProblem(String message) {
        super(message);
    }
}
