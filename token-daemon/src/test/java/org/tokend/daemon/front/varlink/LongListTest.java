package org.tokend.daemon.front.varlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.CallerReader;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.config.OwnUser;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.dispatch.ServiceFacts;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.RejectionSecrets;
import org.tokend.daemon.software.RecordingUnlock;
import org.tokend.daemon.software.SoftwareModule;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.daemon.token.ModuleWatch;
import org.tokend.daemon.token.SlotSink;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.transport.BoundSocket;
import org.tokend.daemon.transport.ConnectionLimits;
import org.tokend.daemon.transport.PeerPolicy;
import org.tokend.daemon.transport.UnixListener;
import org.tokend.daemon.verification.FastProvider;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.KeyDescription;

@Timeout(60)
class LongListTest {
    private static final int KEYS = 20;

    @TempDir
    Path directory;

    private final SoftwareToken token = new SoftwareToken("one");

    @SuppressWarnings("NullAway.Init")
    private TokenDirectory tokens;

    @SuppressWarnings("NullAway.Init")
    private UnixListener listener;

    private void start(int labelLength) throws IOException {
        for (int i = 0; i < KEYS; i++) {
            token.add(TestKey.P256_A, i + "x".repeat(labelLength));
        }
        EventBus events = new EventBus();
        tokens = new TokenDirectory(List.of(
                new ModuleWatch(SoftwareModule.of(token), SoftwareModule.scanner(token), events, SlotSink.NONE)));
        tokens.start(() -> true);
        tokens.awaitStart(EventSink.NONE);
        Dispatcher dispatcher = new Dispatcher(
                new Stages(
                        tokens,
                        new AccessPolicy(List.of(), List.of()),
                        new RecordingUnlock(),
                        new TokenWorkers(2, 10, Duration.ofSeconds(5)),
                        new SignatureVerifier(),
                        new Decryptor(new RejectionSecrets(directory.resolve("rejection"))),
                        new DecryptBudget(2, System::nanoTime),
                        AuditLog.open(directory.resolve("audit"), Clock.systemUTC(), FastProvider.sha256())),
                new ServiceFacts("test", 1, Instant.EPOCH, () -> 0));
        int uid = OwnUser.uid();
        listener = new UnixListener(
                BoundSocket.bind(socket(), uid, null),
                new PeerPolicy(uid, false, OptionalInt.empty()),
                new ConnectionLimits(10, 10, Duration.ofSeconds(5)),
                new VarlinkFront(dispatcher, events, new CallerReader(uid, Front.VARLINK), Duration.ofSeconds(2)));
        listener.start(() -> {});
    }

    private Path socket() {
        return directory.resolve("tokend/tokend.sock");
    }

    @AfterEach
    void stop() {
        listener.close();
        tokens.close();
    }

    @Test
    @DisplayName("A list that leaves in pieces arrives whole")
    void inPieces() throws IOException {
        start(4_000);
        try (TokenClient client = TokenClient.open(socket())) {
            List<KeyDescription> keys = client.listKeys(null);
            assertThat(keys).hasSize(KEYS).allMatch(key -> key.label().endsWith("x".repeat(4_000)));
            assertThat(keys.getLast().uri()).contains("object=19xxx");
        }
    }

    @Test
    @DisplayName(
            "A list that is longer than an answer may be is refused with what to do instead, and the connection goes on")
    void tooLong() throws IOException {
        start(600_000);
        try (TokenClient client = TokenClient.open(socket())) {
            TokenClientException refusal =
                    catchThrowableOfType(TokenClientException.class, () -> client.listKeys(null));
            assertThat(refusal.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
            assertThat(refusal).hasMessageContaining("20 keys").hasMessageContaining("name a token, or a key");
            assertThat(client.findKeys("pkcs11:object=7")).isEmpty();
            assertThat(client.listTokens()).hasSize(1);
        }
    }
}
