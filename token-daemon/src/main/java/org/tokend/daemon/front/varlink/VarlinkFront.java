package org.tokend.daemon.front.varlink;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.CallerReader;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.transport.Connection;
import org.tokend.daemon.transport.ConnectionHandler;
import org.tokend.daemon.transport.Dialogue;
import org.tokend.daemon.transport.PeerCredentials;
import org.tokend.protocol.FrameRoom;

/** Serves one connection after the other: every request is answered before the next is read, so answers come in order. */
public final class VarlinkFront implements ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(VarlinkFront.class);

    /** For requests under way that are longer than most: ninety of the longest, with what is read out of them. */
    private static final long LONG_REQUESTS = 24 << 20;

    private final FrameRoom room = new FrameRoom(LONG_REQUESTS);
    private final Dispatcher dispatcher;
    private final EventBus events;
    private final CallerReader callers;
    private final Duration frameTimeout;

    /** @param frameTimeout how long a request that has begun to arrive may take */
    public VarlinkFront(Dispatcher dispatcher, EventBus events, CallerReader callers, Duration frameTimeout) {
        this.dispatcher = dispatcher;
        this.events = events;
        this.callers = callers;
        this.frameTimeout = frameTimeout;
    }

    @Override
    public Dialogue open(Connection connection) {
        PeerCredentials peer = connection.peer();
        Caller caller = callers.read(peer.uid(), peer.gid(), peer.pid(), connection.program());
        LOG.debug("peer=connected uid={} pid={} program=\"{}\"", peer.uid(), peer.pid(), caller.program());
        return new Conversation(connection, caller, dispatcher, events, frameTimeout, room);
    }
}
