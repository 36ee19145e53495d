package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;

@DisplayName("Another user's program")
@Tag("root")
class OtherUserIsRefusedIT {
    /** Connects, says nothing, and tells what it hears within five seconds. */
    private static final String LISTEN = """
            socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die;
            connect($s, pack_sockaddr_un($ARGV[0])) or do { print "refused: $!\\n"; exit };
            $SIG{ALRM} = sub { print "still open\\n"; exit };
            alarm 5;
            my $n = sysread($s, my $b, 1000);
            print defined $n ? ($n ? "answer: $b\\n" : "closed\\n") : "closed: $!\\n";
            """;

    @BeforeEach
    void needsRoot() {
        OtherUser.needsRoot();
    }

    @Test
    @DisplayName("cannot reach the socket, which lies in a directory of our own")
    void cannotReachTheSocket() throws Exception {
        try (DaemonFixture daemon = DaemonFixture.builder().start()) {
            assertThat(listen(daemon.socket()).output()).startsWith("refused: Permission denied");
        }
    }

    @Test
    @DisplayName("is hung up on before its first byte, where the rights of the socket have been opened by mistake")
    void isHungUpOn() throws Exception {
        try (DaemonFixture daemon = DaemonFixture.builder().start()) {
            open(daemon.directory(), "rwx--x--x");
            open(daemon.socket().resolveSibling(""), "rwx--x--x");
            open(daemon.socket(), "rw-rw-rw-");

            assertThat(listen(daemon.socket()).output()).startsWith("closed");

            await().untilAsserted(() -> assertThat(daemon.log()).contains("uid=" + OtherUser.UID));
            try (TokenClient ours = TokenClient.open(daemon.socket())) {
                assertThat(ours.status().connections()).isEqualTo(1);
            }
        }
    }

    private static CommandResult listen(Path socket) throws Exception {
        return OtherUser.run("perl", "-MSocket", "-e", LISTEN, socket.toString());
    }

    private static void open(Path path, String rights) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }
}
