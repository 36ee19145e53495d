package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.junit.Key;
import org.tokend.fixtures.junit.Token;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.MessageCodec;

/** What docs/protocol.md promises to clients in any language, at the socket of the real daemon. */
@Token(label = "varlink", keys = @Key(value = TestKey.P256_A, label = "mail"))
@Timeout(60)
class VarlinkIT {
    private static final String SIGN = "{\"method\":\"org.tokend.Token.Sign\",\"parameters\":{\"key\":"
            + "\"pkcs11:object=mail\",\"algorithm\":\"ecdsa-sha256\",\"kind\":\"digest\",\"input\":\"" + "A".repeat(43)
            + "=\"}%s}\0";
    private static final String STATUS = "{\"method\":\"org.tokend.Token.Status\"}\0";

    private static Path socket;

    @BeforeAll
    static void start(DaemonFixture daemon, SoftHsmToken token, ScriptedPinentry pinentry) {
        pinentry.always(PinentryAnswer.pin(token.pin()));
        socket = daemon.socket();
    }

    @Test
    @DisplayName("The service describes itself, with the very text of the interface")
    void describesItself() throws Exception {
        try (RawConnection connection = new RawConnection(socket)) {
            assertThat(connection
                            .send("{\"method\":\"org.varlink.service.GetInfo\"}\0")
                            .answer())
                    .contains("\"interfaces\":[", "\"org.tokend.Token\"", "\"org.varlink.service\"", "\"version\":");
            for (String name : MessageCodec.INTERFACES) {
                String firstLine = MessageCodec.interfaceDescription(name)
                        .lines()
                        .findFirst()
                        .orElseThrow();
                assertThat(connection
                                .send("{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                                        + "{\"interface\":\"" + name + "\"}}\0")
                                .answer())
                        .contains(firstLine, "interface " + name);
            }
            assertThat(connection
                            .send("{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                                    + "{\"interface\":\"org.example.Other\"}}\0")
                            .answer())
                    .contains("org.varlink.service.InterfaceNotFound");
        }
    }

    @Test
    @DisplayName("Calls sent ahead are answered in order, those with oneway not at all")
    void inOrder() throws Exception {
        try (RawConnection connection = new RawConnection(socket)) {
            String oneway = SIGN.formatted(",\"oneway\":true");
            connection.send(STATUS + SIGN.formatted("") + oneway + "nonsense\0" + oneway + SIGN.formatted("") + STATUS);
            assertThat(connection.answer()).contains("\"pid\"");
            assertThat(connection.answer()).contains("\"signature\"");
            assertThat(connection.answer()).contains("InvalidRequest");
            assertThat(connection.answer()).contains("\"signature\"");
            assertThat(connection.answer()).contains("\"pid\"");
        }
    }

    @Test
    @DisplayName("A caller with more hears what is waited for; without more it hears the answer only")
    void events() throws Exception {
        try (RawConnection connection = new RawConnection(socket)) {
            String lock = "{\"method\":\"org.tokend.Token.Lock\"}\0";
            assertThat(connection.send(lock).answer()).isEqualTo("{\"parameters\":{}}");
            assertThat(connection.send(SIGN.formatted(",\"more\":true")).answer())
                    .contains("\"continues\":true", "\"kind\":\"waiting-for-pin\"", "token=varlink");
            String answer = connection.answer();
            while (answer != null && answer.contains("\"continues\":true")) {
                answer = connection.answer();
            }
            assertThat(answer).contains("\"signature\"");

            connection.send(lock).answer();
            assertThat(connection.send(SIGN.formatted("")).answer()).contains("\"signature\"");
        }
    }

    @Test
    @DisplayName("Watch tells from its first event on what happens to the tokens")
    void watch() throws Exception {
        try (RawConnection watcher = new RawConnection(socket);
                RawConnection other = new RawConnection(socket)) {
            other.send(SIGN.formatted("")).answer();
            assertThat(watcher.send("{\"method\":\"org.tokend.Token.Watch\",\"more\":true}\0")
                            .answer())
                    .contains("\"continues\":true", "\"kind\":\"watching\"");
            other.send("{\"method\":\"org.tokend.Token.Lock\"}\0").answer();
            assertThat(watcher.answer()).contains("\"kind\":\"token-locked\"", "token=varlink");
        }
    }

    @Test
    @DisplayName("A shell with socat is enough for a client")
    void socat() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                "printf '{\"method\":\"org.tokend.Token.ListTokens\"}\\0' | "
                        + "socat -t5 - UNIX-CONNECT:\"$TOKEND_SOCKET\" | tr '\\0' '\\n'");
        builder.environment().put("TOKEND_SOCKET", socket.toString());
        Process shell = builder.redirectErrorStream(true).start();
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("{\"parameters\":{\"tokens\":[{")
                .contains("\"label\":\"varlink\"");
    }
}
