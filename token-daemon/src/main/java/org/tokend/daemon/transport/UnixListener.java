package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.pkcs11.linux.Crowd;
import org.tokend.pkcs11.linux.Descriptor;

/** Accepts connections, lets in whom it may, and hands them to an {@link Attendance}. */
public final class UnixListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnixListener.class);
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);

    private final ListeningSocket socket;
    private final PeerPolicy policy;
    private final ConnectionLimits limits;
    private final ConnectionHandler handler;
    private final ConnectionTable table;
    private final EndedConnections ended = new EndedConnections();
    private @Nullable Thread acceptor;
    private final DescriptorReserve reserve = new DescriptorReserve();
    private final Refusals refusals = new Refusals();
    private final Crowd crowd = new Crowd();
    private final Staging staging = new Staging();
    private final Attendance attendance;
    private final Selector selector;
    private volatile boolean accepting = true;
    private Runnable arrived = () -> {};

    public UnixListener(ListeningSocket socket, PeerPolicy policy, ConnectionLimits limits, ConnectionHandler handler)
            throws IOException {
        this.socket = socket;
        this.policy = policy;
        this.limits = limits;
        this.handler = handler;
        this.table = new ConnectionTable(limits.connections(), limits.perProgram(), handler.parting());
        this.attendance = new Attendance(handler, table, crowd, refusals);
        this.selector = NativeSelectorProvider.getInstance().openSelector();
    }

    /**
     * Returns at once; connections are accepted on a thread of its own.
     *
     * @param arrived told of each peer that may connect; must not take long
     */
    public void start(Runnable arrived) {
        this.arrived = arrived;
        attendance.start();
        acceptor = Thread.ofPlatform().name("accept").daemon().start(this::acceptLoop);
    }

    public int connections() {
        return table.size();
    }

    /** Stops accepting, and lets all requests that have arrived be answered, for as long as allowed. */
    public void drain(Duration longest) throws InterruptedException {
        stopAccepting();
        long end = System.nanoTime() + longest.toNanos();
        boolean waits = handler.parting() == Parting.WAIT_FOR_PEER;
        if (waits) {
            turnAwayWaiting();
        }
        while (waits ? !table.allIdle() : table.size() > 0) {
            if (System.nanoTime() - end > 0) {
                LOG.warn("drain=incomplete after={}ms connections={}", longest.toMillis(), table.size());
                break;
            }
            if (!waits) {
                table.partAll();
            }
            Thread.sleep(Duration.ofMillis(10));
        }
        if (waits) {
            table.partAll();
        }
    }

    /** Who has connected and was not accepted yet is let go like all others. */
    private void turnAwayWaiting() throws InterruptedException {
        if (acceptor != null) {
            acceptor.join(ACCEPT_PAUSE.multipliedBy(4));
        }
        socket.hide();
        if (!socket.staysOpen()) {
            try {
                UnixSocketChannel channel;
                while ((channel = socket.accept()) != null) {
                    ended.add(channel);
                }
            } catch (IOException e) {
                LOG.warn("accept=failed reason=\"{}\"", e.getMessage());
            }
        }
    }

    /** Connections that were let go and wait for their peers; they stay open as long as any descriptor of them does. */
    public List<Descriptor> unfinished() {
        List<Descriptor> all = new ArrayList<>(table.duplicates());
        all.addAll(ended.duplicates());
        return all;
    }

    /** Takes over connections that an earlier process had to leave unfinished. */
    public void adopt(List<Integer> descriptors) {
        descriptors.forEach(number -> ended.add(UnixSocketChannel.fromFD(number)));
    }

    /** Gives up the socket, and leaves open connections to the end of the process. */
    public void leave() {
        stopAccepting();
        socket.close();
        reserve.close();
    }

    @Override
    public void close() {
        stopAccepting();
        table.closeAll();
        attendance.close();
        socket.close();
        ended.close();
        reserve.close();
    }

    private void stopAccepting() {
        accepting = false;
        selector.wakeup();
    }

    private void acceptLoop() {
        try (selector) {
            socket.channel().configureBlocking(false);
            socket.channel().register(selector, SelectionKey.OP_ACCEPT);
            while (accepting) {
                selector.select();
                selector.selectedKeys().clear();
                if (accepting) {
                    acceptWaiting();
                }
            }
        } catch (IOException e) {
            LOG.error("accept=failed socket={}", socket.name(), e);
        }
    }

    private void acceptWaiting() throws IOException {
        try {
            UnixSocketChannel channel;
            while (accepting && (channel = socket.accept()) != null) {
                admit(channel);
            }
        } catch (IOException e) {
            // Most likely out of descriptors: turn this one away with the one kept for it, and make room for the next.
            LOG.warn("accept=failed reason=\"{}\"", e.getMessage());
            reserve.turnAway(socket);
            table.evictOldestIdle();
            pause();
        }
    }

    private void admit(UnixSocketChannel channel) throws IOException {
        PeerCredentials peer;
        try {
            peer = PeerCredentials.of(channel);
        } catch (IOException e) {
            channel.close();
            return;
        }
        Optional<String> refusal = policy.refusal(peer);
        if (refusal.isPresent()) {
            refusals.log(peer, refusal.get());
            turnAway(channel);
            return;
        }
        Connection connection =
                new Connection(channel, peer, PeerProgram.of(peer.pid()), crowd, staging, limits.writeTimeout());
        Optional<String> full = table.admit(connection);
        if (full.isPresent()) {
            refusals.log(peer, full.get());
            turnAway(channel);
            return;
        }
        arrived.run();
        attendance.begin(connection);
    }

    private void turnAway(UnixSocketChannel channel) throws IOException {
        switch (handler.parting()) {
            case CLOSE -> channel.close();
            case WAIT_FOR_PEER -> ended.add(channel);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(ACCEPT_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
