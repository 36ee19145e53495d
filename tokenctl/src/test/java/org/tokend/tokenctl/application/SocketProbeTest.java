package org.tokend.tokenctl.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The probe of p11-kit's socket")
class SocketProbeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String INITIALIZED = "00000010 00000000 00000008 00000001 00000000";
    private static final String INFO = "00000011 00000000 00000061 00000003 00000005 7673757376 0214 00000020 "
            + HexFormat.of().formatHex("Token Daemon                    ".getBytes(StandardCharsets.US_ASCII))
            + " 0000000000000000 00000020 "
            + HexFormat.of().formatHex("tokend                          ".getBytes(StandardCharsets.US_ASCII))
            + " 0001";
    private static final String SLOTS = "00000012 00000000 0000000f 00000004 00000002 6175 00 00000002";

    @TempDir
    Path directory;

    /** What comes of it when the server says this. */
    private SocketProbe.Served ask(Duration patience, String answers) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            java.nio.file.Files.deleteIfExists(address.getPath());
            server.bind(address);
            Thread thread = Thread.ofPlatform().start(() -> answer(server, answers));
            try {
                return SocketProbe.ask(address.getPath(), patience);
            } finally {
                thread.interrupt();
                thread.join();
            }
        }
    }

    private static void answer(ServerSocketChannel server, String answers) {
        try (SocketChannel accepted = server.accept()) {
            accepted.write(ByteBuffer.wrap(HexFormat.of().parseHex(answers.replace(" ", ""))));
            while (accepted.read(ByteBuffer.allocate(1024)) >= 0) {
                // Until the probe closes, or the test interrupts.
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    @DisplayName("says who serves it and how many tokens are there")
    void served() throws Exception {
        assertThat(ask(PATIENCE, "00" + INITIALIZED + INFO + SLOTS)).isEqualTo(new SocketProbe.Served("tokend", 2));
    }

    @Test
    @DisplayName("tells the error that the server answers with")
    void error() {
        assertThatThrownBy(() -> ask(PATIENCE, "00 00000010 00000000 00000011 00000000 00000001 75 0000000000000005"))
                .hasMessage("it answers with CKR 0x5");
    }

    @Test
    @DisplayName("takes a server of another protocol for none, and one that says nothing too")
    void otherServers() {
        assertThatThrownBy(() -> ask(PATIENCE, "00" + "ff".repeat(64)))
                .hasMessageContaining("none of p11-kit's protocol");
        assertThatThrownBy(() -> ask(PATIENCE, "07")).hasMessageContaining("does not speak version 0");
        assertThatThrownBy(() -> ask(Duration.ofMillis(200), "00")).hasMessage("it does not answer");
    }
}
