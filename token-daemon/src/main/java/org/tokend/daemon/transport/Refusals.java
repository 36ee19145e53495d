package org.tokend.daemon.transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log of peers that were turned away. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final LogLimiter limiter = new LogLimiter();

    void log(PeerCredentials peer, String reason) {
        long skipped = limiter.admit();
        if (skipped >= 0) {
            LOG.warn("peer=refused uid={} pid={} reason=\"{}\" others={}", peer.uid(), peer.pid(), reason, skipped);
        }
    }
}
