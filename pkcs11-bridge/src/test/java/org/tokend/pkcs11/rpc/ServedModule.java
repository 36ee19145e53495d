package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.linux.SocketPair;

/** A server on its own thread over one end of a socket pair. */
final class ServedModule implements AutoCloseable {
    private final SocketPair pair;
    private final Thread server;

    ServedModule(Cryptoki module) throws IOException {
        pair = SocketPair.open();
        server = Thread.ofPlatform().start(() -> {
            try {
                new RpcServer(new SocketWire(pair.there()), module, new ReentrantLock(), new AheadSessions()).serve();
            } catch (IOException e) {
                // The client sees the end of the stream.
            } finally {
                pair.there().shutdown();
            }
        });
    }

    Wire wire() {
        return new SocketWire(pair.here());
    }

    boolean serving() {
        return server.isAlive();
    }

    @Override
    public void close() throws InterruptedException {
        pair.here().shutdown();
        server.join();
        pair.close();
    }
}
