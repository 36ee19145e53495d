package org.tokend.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.transport.BoundSocket;
import org.tokend.daemon.transport.ConnectionHandler;
import org.tokend.daemon.transport.ConnectionLimits;
import org.tokend.daemon.transport.InheritedDescriptors;
import org.tokend.daemon.transport.InheritedSocket;
import org.tokend.daemon.transport.ListeningSocket;
import org.tokend.daemon.transport.PeerPolicy;
import org.tokend.daemon.transport.UnixListener;
import org.tokend.pkcs11.linux.Descriptor;

/** The socket for PKCS#11 applications. What keeps it from being opened does not keep the daemon from its other work. */
final class ApplicationSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationSocket.class);

    private final @Nullable UnixListener listener;
    private final String name;

    private ApplicationSocket(@Nullable UnixListener listener, String name) {
        this.listener = listener;
        this.name = name;
    }

    static ApplicationSocket none() {
        return new ApplicationSocket(null, "");
    }

    /** @param path where to bind unless the socket is inherited */
    static ApplicationSocket open(
            Path path,
            InheritedDescriptors inherited,
            PeerPolicy policy,
            ConnectionLimits limits,
            ConnectionHandler front) {
        try {
            Optional<InheritedSocket> handed = inherited.socket("p11kit", "tokend-p11kit.socket");
            ListeningSocket socket = handed.isPresent()
                    ? handed.get()
                    : BoundSocket.bind(path, policy.ownUid(), null, "[p11kit] socket in the configuration");
            UnixListener listener = new UnixListener(socket, policy, limits, front);
            listener.adopt(inherited.named(LeftConnections.NAME));
            return new ApplicationSocket(listener, socket.name());
        } catch (IOException e) {
            LOG.error("applications=unserved reason=\"{}\"", e.getMessage());
            return none();
        }
    }

    /** @param arrived told of each program that comes */
    void start(Runnable arrived) {
        if (listener != null) {
            listener.start(arrived);
            LOG.info("applications=served socket=\"{}\"", name);
        }
    }

    int connections() {
        return listener == null ? 0 : listener.connections();
    }

    /** Lets running calls end, tells all applications that we are gone, and sees to it that this does not end them. */
    void stop(Duration longest, SystemdNotifier systemd) throws InterruptedException {
        if (listener != null) {
            listener.drain(longest);
            List<Descriptor> left = listener.unfinished();
            LeftConnections.keep(left, systemd);
            left.forEach(Descriptor::close);
            listener.leave();
        }
    }
}
