package org.tokend.daemon.front.p11kit;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.CallerReader;
import org.tokend.daemon.application.Applications;
import org.tokend.daemon.application.CallerGate;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.transport.Connection;
import org.tokend.daemon.transport.ConnectionHandler;
import org.tokend.daemon.transport.Dialogue;
import org.tokend.daemon.transport.Parting;
import org.tokend.daemon.transport.PeerCredentials;
import org.tokend.pkcs11.application.Application;
import org.tokend.pkcs11.application.ApplicationLimits;
import org.tokend.pkcs11.application.MemoryBudget;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.rpc.ApplicationServer;
import org.tokend.pkcs11.rpc.CallWorkers;
import org.tokend.protocol.Reply;

/** Serves programs that have loaded {@code p11-kit-client.so}; each connection is one PKCS#11 application. */
public final class P11KitFront implements ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(P11KitFront.class);
    /** How long a thread waits for the next call of a program that makes many. */
    private static final Duration LINGER = Duration.ofMillis(250);

    private static final int MOST_THREADS = 512;

    /** Two of the largest; what a program sends at once is in the heap, too, while its call runs. */
    private static final long LARGE_FRAMES = 32 << 20;

    private final CallerReader callers;
    private final Views views;
    private final CallWorkers workers = new CallWorkers(MOST_THREADS, LARGE_FRAMES);

    /** Makes the view that one application has of the tokens; several threads may call it at once. */
    interface Views {
        /** @param waiting says when the application has hung up */
        View open(Caller caller, EventSink waiting);
    }

    /** @param gate closed after the view */
    record View(Cryptoki cryptoki, Closeable gate) implements Closeable {
        @Override
        public void close() throws IOException {
            try (gate) {
                cryptoki.close();
            }
        }
    }

    /**
     * @param limits of each application
     * @param memory of all of them
     */
    public P11KitFront(CallerReader callers, Applications applications, ApplicationLimits limits, MemoryBudget memory) {
        this(callers, (caller, waiting) -> {
            CallerGate gate = applications.open(caller, waiting);
            return new View(new Application(gate, limits, memory.share(caller.program())), gate::close);
        });
    }

    P11KitFront(CallerReader callers, Views views) {
        this.callers = callers;
        this.views = views;
    }

    @Override
    public Dialogue open(Connection connection) {
        PeerCredentials peer = connection.peer();
        Caller caller = callers.read(peer.uid(), peer.gid(), peer.pid(), connection.program());
        LOG.debug("application=connected uid={} pid={} program=\"{}\"", peer.uid(), peer.pid(), caller.program());
        View view = views.open(caller, new Hangup(connection));
        ApplicationServer server = new ApplicationServer(
                new ConnectionWire(connection),
                view.cryptoki(),
                workers,
                LINGER.toMillis(),
                defect -> LOG.error("call=failed pid={} because of a defect", peer.pid(), defect));
        connection.alsoBusyWhile(server::isBusy);
        return new ServedApplication(server, view);
    }

    private record ServedApplication(ApplicationServer server, View view) implements Dialogue {
        @Override
        public boolean serve() throws IOException {
            return server.serve();
        }

        @Override
        public void close() throws IOException {
            try (view) {
                server.close();
            }
        }
    }

    /** Nothing can be told to an application while it waits, but a prompt need not stand there for one that is gone. */
    private record Hangup(Connection connection) implements EventSink {
        @Override
        public void send(Reply.Event event) {}

        @Override
        public boolean gone() {
            return connection.peerIsGone();
        }
    }

    @Override
    public Parting parting() {
        return Parting.WAIT_FOR_PEER;
    }
}
