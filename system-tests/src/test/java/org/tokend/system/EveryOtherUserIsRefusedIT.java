package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;

@Timeout(120)
@Tag("root")
@DisplayName("Another user, even with the socket opened to all,")
class EveryOtherUserIsRefusedIT {
    private static final String STATUS = "{\"method\":\"org.tokend.Token.Status\"}\0";
    private static final int CONNECTIONS = 25;

    private DaemonFixture daemon;

    @BeforeEach
    void openToAll() throws Exception {
        OtherUser.needsRoot();
        daemon = DaemonFixture.builder().start();
        for (Path directory : List.of(daemon.directory(), daemon.directory().resolve("run"))) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(daemon.socket(), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @ParameterizedTest(name = "uid {0}")
    @DisplayName("is closed without an answer, each time, and the log says who it was")
    @ValueSource(ints = {65534, 4242, 70001})
    void refused(int uid) throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            assertNothingIsAnswered(uid);
        }
        // One line a second at most, so that a flood of peers is not a flood of lines.
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    assertNothingIsAnswered(uid);
                    return daemon.log().contains("peer=refused uid=" + uid + " ");
                });
        try (TokenClient ourselves = TokenClient.open(daemon.socket())) {
            assertThat(ourselves.status().connections()).isEqualTo(1);
        }
    }

    private void assertNothingIsAnswered(int uid) throws Exception {
        CommandResult asked = runAs(uid, STATUS, "socat", "-t", "10", "-", "UNIX-CONNECT:" + daemon.socket());
        assertThat(asked.output()).doesNotContain("parameters").doesNotContain("Permission denied");
    }

    @Test
    @DisplayName("is refused too when it made itself root in a user namespace of its own")
    void userNamespace() throws Exception {
        CommandResult asked =
                runAs(4242, STATUS, "unshare", "-Ur", "socat", "-t", "10", "-", "UNIX-CONNECT:" + daemon.socket());
        assertThat(asked.output()).doesNotContain("parameters");
    }

    @Test
    @DisplayName("is what this test is about: we are answered in the very same way")
    void weAreServed() throws Exception {
        CommandResult asked = runAs(0, STATUS, "socat", "-t", "10", "-", "UNIX-CONNECT:" + daemon.socket());
        assertThat(asked.output()).contains("parameters", "\"pid\":" + daemon.pid());
    }

    private static CommandResult runAs(int uid, String input, String... command) throws Exception {
        String id = Integer.toString(uid);
        List<String> line = new ArrayList<>(
                List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--no-new-privs", "--"));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading.
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new CommandResult(process.waitFor(), output, "");
    }
}
