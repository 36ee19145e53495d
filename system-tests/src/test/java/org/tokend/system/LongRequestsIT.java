package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.ImportCertificates;
import org.tokend.protocol.Sign;

@Timeout(60)
@DisplayName("Two hundred programs send long requests at once")
class LongRequestsIT {
    private static final byte[] HALF_A_REQUEST = "x".repeat(200_000).getBytes(StandardCharsets.US_ASCII);

    @Test
    @DisplayName("Some are told to come again, others are served all the while, and afterwards there is room again")
    void busy() throws Exception {
        try (UnattendedToken token = UnattendedToken.create("mail")) {
            DaemonFixture.Builder builder = DaemonFixture.builder()
                    .daemon("max-connections", "400")
                    .daemon("max-connections-per-program", "400");
            token.addTo(builder);
            try (DaemonFixture daemon = builder.start();
                    TokenClient client = TokenClient.open(daemon.socket())) {
                Sign sign = new Sign(token.key(), Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], "a test");
                client.sign(sign);
                List<RawConnection> sending = new ArrayList<>();
                try {
                    for (int i = 0; i < 200; i++) {
                        sending.add(sendHalf(daemon));
                    }
                    client.sign(sign);
                    int busy = 0;
                    for (RawConnection each : sending) {
                        String answer = each.untilEnd();
                        assertThat(answer).containsAnyOf("org.tokend.Token.Busy", "did not arrive in full in time");
                        busy += answer.contains("org.tokend.Token.Busy") ? 1 : 0;
                    }
                    assertThat(busy).isBetween(1, 199);
                } finally {
                    for (RawConnection each : sending) {
                        each.close();
                    }
                }
                client.sign(sign);
                await().atMost(Duration.ofSeconds(10)).until(() -> isRead(client));
            }
        }
    }

    private static RawConnection sendHalf(DaemonFixture daemon) throws IOException {
        RawConnection connection = new RawConnection(daemon.socket());
        try {
            connection.send(HALF_A_REQUEST);
        } catch (IOException alreadyTold) {
            // What it was told is still there to be read.
        }
        return connection;
    }

    /** A long request is read, and refused for what it says. */
    private static boolean isRead(TokenClient client) {
        try {
            client.provision(new ImportCertificates("pkcs11:token=mail", List.of(new byte[150_000])));
            return false;
        } catch (TokenClientException e) {
            return e.code() == ErrorCode.INVALID_REQUEST;
        }
    }
}
