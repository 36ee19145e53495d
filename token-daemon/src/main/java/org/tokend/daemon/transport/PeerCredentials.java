package org.tokend.daemon.transport;

import java.io.IOException;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/** SO_PEERCRED: who connected, by the kernel's word at the time of connect(2). In our own user namespace's numbers. */
public record PeerCredentials(int uid, int gid, int pid) {

    static PeerCredentials of(UnixSocketChannel channel) throws IOException {
        Credentials credentials = channel.getOption(UnixSocketOptions.SO_PEERCRED);
        return new PeerCredentials(credentials.getUid(), credentials.getGid(), credentials.getPid());
    }
}
