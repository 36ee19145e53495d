package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** The writing end of a connection that several threads answer on; each frame goes out whole. */
final class Replies {
    private final Wire wire;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean failed;

    Replies(Wire wire) {
        this.wire = wire;
    }

    /** Whether nobody will read a reply any more. */
    boolean ended() {
        return failed || !wire.writable();
    }

    void end() {
        failed = true;
    }

    /** Sends all that stands there, and wipes it. */
    void send(MessageWriter out) {
        if (out.isEmpty()) {
            return;
        }
        turn.lock();
        try {
            if (!ended()) {
                wire.write(out.written());
            }
        } catch (IOException e) {
            // The application has gone; the end of the stream is found by reading.
            failed = true;
        } finally {
            turn.unlock();
            out.wipe();
        }
    }
}
