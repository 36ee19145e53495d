package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Sign;

/** One module hangs: its caller hears within the deadline, everybody else notices nothing. */
@Timeout(180)
class HangingModuleIT {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    /** For what comes on top of the deadline: noticing, killing, answering, on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private UnattendedToken hanging;
    private UnattendedToken healthy;
    private DaemonFixture daemon;

    @BeforeEach
    void start() throws Exception {
        hanging = UnattendedToken.create("hanging");
        healthy = UnattendedToken.create("healthy");
        DaemonFixture.Builder builder = DaemonFixture.builder();
        hanging.addTo(builder, hanging.module().with("deadline", "\"" + DEADLINE.toSeconds() + "s\""));
        healthy.addTo(builder);
        daemon = builder.start();
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            client.sign(request(hanging));
            client.sign(request(healthy));
        }
    }

    @AfterEach
    void stop() {
        hanging.faults().clear();
        daemon.close();
        hanging.close();
        healthy.close();
    }

    private static Sign request(UnattendedToken token) {
        return new Sign(token.key(), Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], "");
    }

    @ParameterizedTest
    @EnumSource(
            value = CryptokiFunction.class,
            names = {"C_SIGN_INIT", "C_SIGN"})
    @DisplayName("The caller hears within the deadline; other tokens and status are not slowed meanwhile")
    void hangs(CryptokiFunction function) throws Exception {
        hanging.faults().hang(function);
        try (HonestClient other = HonestClient.start(daemon.socket(), healthy.key(), TestKey.P256_A.publicKey());
                TokenClient asking = TokenClient.open(daemon.socket())) {
            await().until(() -> other.served() > 0);
            long start = System.nanoTime();
            CompletableFuture<Duration> heard = CompletableFuture.supplyAsync(() -> refused(start));

            int served = 0;
            while (!heard.isDone()) {
                long before = System.nanoTime();
                asking.status();
                asking.sign(request(healthy));
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .as("status and a signature on the other token")
                        .isLessThan(AT_ONCE);
                served++;
                Thread.sleep(20);
            }
            assertThat(heard.get()).isBetween(DEADLINE.minusMillis(100), DEADLINE.plus(SLACK));
            assertThat(served).isGreaterThan(10);
        }
        hanging.faults().clear();
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            assertThat(client.sign(request(hanging))).isNotEmpty();
        }
    }

    private Duration refused(long start) {
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            assertThatThrownBy(() -> client.sign(request(hanging)))
                    .isInstanceOfSatisfying(TokenClientException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
                        assertThat(e.mayRetry()).isTrue();
                    });
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    @Test
    @DisplayName(
            "A module that hangs while it is loaded does not keep the daemon from starting, nor other tokens from serving")
    void hangsAtLoad() {
        hanging.faults().hang(CryptokiFunction.C_INITIALIZE);
        ModuleHosts.current(daemon, "hanging").destroyForcibly();
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> client.sign(request(healthy)).length > 0);
            assertThat(client.status()).isNotNull();
        }
        daemon.restart();
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            // A name is ambiguous or not only when all modules have been looked at; a slow one is waited for ten
            // seconds.
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> client.sign(request(healthy)).length > 0);
        }
    }
}
