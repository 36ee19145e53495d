package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.DaemonStartException;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

@Timeout(180)
@DisplayName("The daemon")
class StartAndStopIT {
    @TempDir
    private Path directory;

    @Test
    @DisplayName(
            "ends with 0 at SIGTERM, answers what it has begun, and leaves its socket's place and no process behind")
    void drains() throws Exception {
        try (SoftHsmToken token = SoftHsmToken.create();
                ScriptedPinentry pinentry = ScriptedPinentry.create()) {
            token.importKey(TestKey.RSA_2048_A);
            pinentry.always(PinentryAnswer.pin(token.pin()));
            DaemonFixture daemon = DaemonFixture.start(token, pinentry);
            AtomicInteger answered = new AtomicInteger();
            AtomicReference<@Nullable TokenClientException> end = new AtomicReference<>();
            Thread signer = Thread.ofPlatform().start(() -> signUntilTheEnd(daemon.socket(), answered, end));
            await().atMost(Duration.ofSeconds(30)).until(() -> answered.get() > 5);
            try (daemon) {
                assertThat(daemon.stop()).isZero();
                assertThat(daemon.socket()).doesNotExist();
                assertThat(daemon.log()).contains("state=stopped").doesNotContain("drain=incomplete");
                signer.join();
                assertThat(end.get()).as("the end of the client").isNotNull();
                assertThat(daemon.audit().lines().filter(line -> line.contains("\"event\":\"sign\"")))
                        .as("no signature was made and not answered")
                        .hasSize(answered.get());
                assertThat(daemon.run(
                                        "tokend",
                                        "verify-audit",
                                        daemon.auditFile().toString())
                                .status())
                        .isZero();
            }
        }
    }

    private static void signUntilTheEnd(
            Path socket, AtomicInteger answered, AtomicReference<@Nullable TokenClientException> end) {
        try (TokenClient client = TokenClient.open(socket)) {
            while (true) {
                client.sign(new Sign(
                        "pkcs11:object=" + TestKey.RSA_2048_A.defaultLabel(),
                        Algorithm.RSA_PKCS1_SHA256,
                        Sign.Kind.DIGEST,
                        new byte[32],
                        ""));
                answered.incrementAndGet();
            }
        } catch (TokenClientException e) {
            end.set(e);
        }
    }

    @Test
    @DisplayName("tells systemd when it is ready and when it stops")
    void notifies() throws Exception {
        Path socket = directory.resolve("notify");
        Path heard = directory.resolve("heard");
        Process listener = new ProcessBuilder("socat", "-u", "UNIX-RECV:" + socket, "-")
                .redirectOutput(heard.toFile())
                .start();
        try {
            await().until(() -> Files.exists(socket));
            try (DaemonFixture daemon = DaemonFixture.builder()
                    .environment("NOTIFY_SOCKET", socket.toString())
                    .environment("WATCHDOG_USEC", "200000")
                    .start()) {
                await().untilAsserted(() -> assertThat(heard)
                        .content(StandardCharsets.UTF_8)
                        .contains("READY=1", "STATUS=listening on " + daemon.socket(), "WATCHDOG=1"));
                assertThat(daemon.stop()).isZero();
            }
            await().untilAsserted(() ->
                    assertThat(heard).content(StandardCharsets.UTF_8).contains("STOPPING=1"));
        } finally {
            listener.destroyForcibly().waitFor();
        }
    }

    @Test
    @DisplayName("serves a socket that it is handed as standard input, and still knows who connects")
    void inheritedSocket() throws Exception {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve("bin"));
        Path real = Path.of(System.getProperty("tokend.home"), "bin", "tokend").toRealPath();
        Path wrapper = Files.writeString(home.resolve("bin/tokend"), """
                #!/usr/bin/perl
                # As systemd does it with StandardInput=socket.
                use Socket;
                socket(my $listening, PF_UNIX, SOCK_STREAM, 0) or die;
                bind($listening, sockaddr_un("$ENV{XDG_RUNTIME_DIR}/tokend.sock")) or die;
                listen($listening, 10) or die;
                open(STDIN, "<&", $listening) or die;
                exec "%s", @ARGV;
                """.formatted(real));
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (DaemonFixture daemon = DaemonFixture.builder().installation(home).start()) {
            try (TokenClient client = TokenClient.open(daemon.socket())) {
                assertThat(client.status().pid()).isEqualTo(daemon.pid());
                // The fixture, which asked whether the daemon is up, is on its way out.
                await().until(() -> client.status().connections() == 1);
            }
            assertThat(daemon.stop()).isZero();
            assertThat(daemon.socket()).as("it is systemd's").exists();
        }
    }

    @Test
    @DisplayName("that comes second on a socket is told who has it, and the first goes on")
    void second() {
        try (DaemonFixture first = DaemonFixture.builder().start();
                DaemonFixture second = DaemonFixture.builder()
                        .daemon("socket", "\"" + first.socket() + "\"")
                        .create()) {
            // The fixture waits for its own socket; the end of the process is what counts.
            DaemonStartException failure = catchThrowableOfType(DaemonStartException.class, second::restart);
            assertThat(failure.status()).isEqualTo(69);
            assertThat(failure.log())
                    .contains("another tokend (pid " + first.pid() + ") already serves " + first.socket());
            try (TokenClient client = TokenClient.open(first.socket())) {
                assertThat(client.status().pid()).isEqualTo(first.pid());
            }
        }
    }

    @Test
    @DisplayName("starts again after SIGKILL, over the socket that was left behind")
    void afterKill() {
        try (DaemonFixture daemon = DaemonFixture.builder().start()) {
            daemon.kill();
            assertThat(daemon.socket()).exists();
            daemon.restart();
            try (TokenClient client = TokenClient.open(daemon.socket())) {
                assertThat(client.status().pid()).isEqualTo(daemon.pid());
            }
        }
    }
}
