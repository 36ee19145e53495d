package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.junit.Key;
import org.tokend.fixtures.junit.Token;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** Whatever a program sends: it is closed or gets a typed error, and the program beside it notices nothing. */
@Token(keys = @Key(value = TestKey.P256_A, label = "honest"))
@Timeout(120)
class BadInputIT {
    private static final String KEY = "pkcs11:object=honest";
    private static final int HALF_OPEN = 2_000;
    private static final int GARBAGE = 10_000;

    @TempDir
    private Path directory;

    private static DaemonFixture daemon;
    private HonestClient honest;

    @BeforeAll
    static void start(DaemonFixture started, SoftHsmToken token, ScriptedPinentry pinentry) {
        pinentry.always(PinentryAnswer.pin(token.pin()));
        daemon = started;
    }

    @BeforeEach
    void startHonestClient() {
        honest = HonestClient.start(daemon.socket(), KEY, TestKey.P256_A.publicKey());
        await().atMost(Duration.ofSeconds(30)).until(() -> honest.served() > 0);
    }

    /** Every test ends with the honest client served on, and the same daemon with nobody left in it. */
    @AfterEach
    void servedThroughout() throws Exception {
        int before = honest.served();
        await().atMost(Duration.ofSeconds(10)).until(() -> honest.served() > before + 2);
        honest.close();
        assertThat(daemon.isAlive()).isTrue();
        try (TokenClient client = TokenClient.open(daemon.socket())) {
            await().atMost(Duration.ofSeconds(10)).until(() -> client.status().connections() == 1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | InvalidRequest | not JSON",
                "[1,2] | InvalidRequest | object",
                "{} | InvalidRequest | method",
                "{\"method\":\"org.tokend.Token.Status\",\"method\":\"org.tokend.Token.Status\"} | InvalidRequest | twice",
                "{\"method\":\"org.tokend.Token.Status\",\"pin\":\"s3cret\"} | InvalidRequest | pin",
                "{\"method\":\"org.tokend.Token.Unlock\",\"parameters\":{\"token\":\"t\",\"pin\":\"s3cret\"}} | InvalidRequest | pin",
                "{\"method\":\"org.tokend.Token.Unlock\",\"parameters\":{\"token\":7}} | InvalidRequest | token",
                "{\"method\":\"org.tokend.Token.Unlock\"} | InvalidRequest | token",
                "{\"method\":\"org.tokend.Token.Format\"} | MethodNotFound | Format",
                "{\"method\":\"org.tokend.Token.Status\",\"parameters\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}} | InvalidRequest | ",
            })
    @DisplayName("A request that is none gets a typed error that repeats no value, and the connection goes on")
    void typedError(String frame, String error, String names) throws Exception {
        try (RawConnection connection = new RawConnection(daemon.socket())) {
            assertThat(connection.send(frame + "\0").answer())
                    .contains("\"error\":\"org.", error, "\"message\":", names == null ? "" : names)
                    .doesNotContain("s3cret");
            assertThat(connection.serves()).isTrue();
        }
        assertThat(daemon.log()).doesNotContain("s3cret");
    }

    @Test
    @DisplayName("A request over the bound is refused without being read to its end")
    void oversize() throws Exception {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) ' ');
        try (RawConnection connection = new RawConnection(daemon.socket())) {
            try {
                connection.send(large);
            } catch (IOException e) {
                // The daemon hung up while it was still being sent to.
            }
            assertThat(connection.untilEnd()).contains("org.tokend.Token.FrameTooLarge", "262144");
        }
    }

    @Test
    @DisplayName("A request without end is ended by the daemon after a quarter of a mebibyte, not by its memory")
    void endless() throws Exception {
        byte[] piece = new byte[64 * 1024];
        Arrays.fill(piece, (byte) '[');
        long sent = 0;
        try (RawConnection connection = new RawConnection(daemon.socket())) {
            while (sent < 1L << 30) {
                connection.send(piece);
                sent += piece.length;
            }
        } catch (IOException e) {
            // As it should be.
        }
        assertThat(sent).as("bytes taken, the kernel's buffers included").isLessThan(4 << 20);
    }

    @Test
    @DisplayName("A request that trickles in is given up")
    void trickle() throws Exception {
        try (RawConnection connection = new RawConnection(daemon.socket())) {
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        try {
                            connection.send("[");
                            return false;
                        } catch (IOException e) {
                            return true;
                        }
                    });
        }
    }

    @Test
    @DisplayName("A program that takes no answers is given up, with all that it asked for")
    void neverReads() throws Exception {
        String calls = "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                + "{\"interface\":\"org.tokend.Token\"}}\0";
        byte[] many = calls.repeat(100).getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = new RawConnection(daemon.socket())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                try {
                    connection.send(many);
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    @Test
    @DisplayName("2,000 connections with half a request each are all ended, and nobody else's is")
    void halfOpen() throws Exception {
        int before = honest.served();
        Process flood = HalfOpenFlood.start(directory, daemon.socket(), HALF_OPEN);
        String said = new String(flood.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(flood.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said.strip()).isEqualTo(Integer.toString(HALF_OPEN));
        assertThat(honest.served()).isGreaterThan(before);
        assertThat(honest.reconnected())
                .as("connections of the honest client that were ended")
                .isZero();
    }

    @Test
    @DisplayName("10,000 frames of garbage get 10,000 typed errors")
    void garbage() throws Exception {
        Random random = new Random(20261121);
        int answered = 0;
        for (int connections = 0; connections < 20; connections++) {
            try (RawConnection connection = new RawConnection(daemon.socket())) {
                for (int i = 0; i < GARBAGE / 20; i++) {
                    connection.send(garbageFrame(random));
                    assertThat(connection.answer()).contains("\"error\":\"org.tokend.Token.InvalidRequest\"");
                    answered++;
                }
                assertThat(connection.serves()).isTrue();
            }
        }
        assertThat(answered).isEqualTo(GARBAGE);
        assertThat(daemon.log().length()).as("a log that garbage cannot fill").isLessThan(200_000);
    }

    private static byte[] garbageFrame(Random random) {
        byte[] frame = new byte[1 + random.nextInt(2000)];
        random.nextBytes(frame);
        for (int i = 0; i < frame.length; i++) {
            frame[i] = frame[i] == 0 ? 1 : frame[i];
        }
        frame[frame.length - 1] = 0;
        return frame;
    }
}
