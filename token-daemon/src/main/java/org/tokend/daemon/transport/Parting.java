package org.tokend.daemon.transport;

/** How a peer is let go that has not asked for it: to make room for another, or because the daemon stops. */
public enum Parting {
    /** What has arrived is answered, then the connection is closed. */
    CLOSE,
    /**
     * Nothing is written any more, and our end stays open until the peer has closed its own. For peers that do not expect it
     * of us: a program that writes to a closed socket is killed by SIGPIPE.
     */
    WAIT_FOR_PEER
}
