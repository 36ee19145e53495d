package org.tokend.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.pkcs11.linux.ChildProcess;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * Connections of applications that live on when the daemon ends. They have been told the end, and see it with their next call;
 * but if nobody held our end open until then, that call would kill them by SIGPIPE. systemd holds them for the next daemon
 * where it can, else a process does that waits for the applications to close.
 */
final class LeftConnections {
    /** By which the next daemon knows them. */
    static final String NAME = "p11kit-ended";

    private static final Logger LOG = LoggerFactory.getLogger(LeftConnections.class);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int FIRST = 3;

    /** Reads each to its end; the shell holds the others meanwhile. */
    private static final String WAIT_FOR_ALL =
            "n=$1; while [ $n -lt $2 ]; do cat <&$n >/dev/null 2>&1; n=$((n + 1)); done";

    private LeftConnections() {}

    static void keep(List<Descriptor> connections, SystemdNotifier systemd) {
        if (connections.isEmpty() || systemd.store(connections, NAME)) {
            return;
        }
        List<String> command = List.of(
                "/usr/bin/timeout",
                Long.toString(LONGEST.toSeconds()),
                "/bin/sh",
                "-c",
                WAIT_FOR_ALL,
                "tokend-keeps-connections",
                Integer.toString(FIRST),
                Integer.toString(FIRST + connections.size()));
        try {
            ChildProcess keeper = ChildProcess.start(command, Map.of("PATH", "/usr/bin:/bin"), connections);
            LOG.info("applications={} kept-by=\"pid {}\"", connections.size(), keeper.pid());
        } catch (IOException e) {
            LOG.warn("applications={} lost reason=\"{}\"", connections.size(), e.getMessage());
        }
    }
}
