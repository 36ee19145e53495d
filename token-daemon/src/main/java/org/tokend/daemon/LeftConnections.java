package org.tokend.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    /** The first descriptor that is inherited; the program below says it too. */
    private static final int FIRST = 3;

    private static final Path PERL = Path.of("/usr/bin/perl");

    /** Reads each to its end, and holds the others meanwhile. That the daemon does not block on some stays with the connection. */
    private static final String WAIT_FOR_ALL = "alarm shift; for my $n (3 .. shift) { open my $c, '<&=', $n or next; "
            + "$c->blocking(1); 1 while sysread $c, my $rest, 4096; close $c }";

    private static final Duration LONGEST = Duration.ofHours(12);

    /** Without a program that can tell when the applications have closed. */
    private static final Duration LONGEST_BLIND = Duration.ofHours(1);

    private LeftConnections() {}

    static void keep(List<Descriptor> connections, SystemdNotifier systemd) {
        if (connections.isEmpty() || systemd.store(connections, NAME)) {
            return;
        }
        List<String> command = Files.isExecutable(PERL)
                ? List.of(
                        PERL.toString(),
                        "-MIO::Handle",
                        "-e",
                        WAIT_FOR_ALL,
                        Long.toString(LONGEST.toSeconds()),
                        Integer.toString(FIRST + connections.size() - 1))
                : List.of("/bin/sleep", Long.toString(LONGEST_BLIND.toSeconds()));
        try {
            ChildProcess keeper = ChildProcess.start(command, Map.of(), connections);
            LOG.info("applications={} kept-by=\"pid {}\"", connections.size(), keeper.pid());
        } catch (IOException e) {
            LOG.warn("applications={} lost reason=\"{}\"", connections.size(), e.getMessage());
        }
    }
}
