package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.fault.Fault;

/** A module host is cattle: what its death costs is one retryable error for each call that was inside. */
@Timeout(180)
class ModuleHostKilledIT {
    /** So many that their requests and replies share a socket. */
    private static final int CROWD = 16;

    private static final int SIGNATURES = 1000;
    private static final int KILLS = 3;
    private static final Duration BACK_WITHIN = Duration.ofSeconds(1);

    private UnattendedToken token;
    private DaemonFixture daemon;

    @BeforeEach
    void start() throws Exception {
        token = UnattendedToken.create("killed");
        DaemonFixture.Builder builder = DaemonFixture.builder();
        token.addTo(builder);
        daemon = builder.start();
    }

    @AfterEach
    void stop() {
        daemon.close();
        token.close();
    }

    @ParameterizedTest(name = "by {0} clients")
    @ValueSource(ints = {4, CROWD})
    @DisplayName(
            "Killed in the middle of 1,000 signatures: each answer is right or retryable, service is back within a second")
    void killed(int count) throws Exception {
        long pid = daemon.pid();
        try (SigningClients clients = new SigningClients(daemon.socket(), token.key(), count)) {
            clients.startEndless(count);
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitSigned(clients, SIGNATURES / (KILLS + 1) * kill);
                assertThat(killAndMeasure(clients, count))
                        .as("kill %d: time without a signature", kill)
                        .isLessThan(BACK_WITHIN);
            }
            awaitSigned(clients, SIGNATURES);
            assertThat(hasThread("replies-killed")).isEqualTo(count == CROWD);
            clients.stop().finish();

            assertThat(clients.retryableErrors()).hasSizeLessThanOrEqualTo(KILLS * count);
        }
        assertThat(daemon.pid()).isEqualTo(pid);
        assertThat(daemon.isAlive()).isTrue();
    }

    private boolean hasThread(String name) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                if (Files.exists(thread)
                        && Files.readString(thread.resolve("comm")).strip().equals(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static void awaitSigned(SigningClients clients, int signatures) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> clients.unharmed().signed() >= signatures);
    }

    /**
     * From the kill to signatures by the new host. A host must not be killed again before it has logged in: SoftHSM writes
     * token.object in C_Login, and a process that ends there leaves it empty.
     */
    private Duration killAndMeasure(SigningClients clients, int count) {
        ProcessHandle host = ModuleHosts.current(daemon, "killed");
        long start = System.nanoTime();
        host.destroyForcibly();
        host.onExit().join();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(() -> host.pid() != newestHost());
        // Each client may still be counting one that the old host made.
        awaitSigned(clients, clients.signed() + count + 1);
        return Duration.ofNanos(clients.lastSigned() - start);
    }

    private long newestHost() {
        return ModuleHosts.started(daemon, "killed").getLast();
    }

    @Test
    @DisplayName("A module that crashes inside a signature costs that signature one retryable error")
    void crashes() throws Exception {
        try (SigningClients clients = new SigningClients(daemon.socket(), token.key(), 1)) {
            token.faults().onNth(CryptokiFunction.C_SIGN, 20, Fault.segfaults());
            clients.start(1, 50).finish();
            assertThat(clients.signed()).isEqualTo(50);
            assertThat(clients.retryableErrors()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(token.faults().count(CryptokiFunction.C_INITIALIZE)).isEqualTo(2);
    }
}
