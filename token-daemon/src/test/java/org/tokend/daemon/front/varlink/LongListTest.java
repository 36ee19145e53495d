package org.tokend.daemon.front.varlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.client.TokenClient;
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
import org.tokend.protocol.Envelope;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.FrameReader;
import org.tokend.protocol.FrameWriter;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.Reply;

@Timeout(60)
class LongListTest {
    @TempDir
    Path directory;

    private final SoftwareToken token = new SoftwareToken("one");

    @SuppressWarnings("NullAway.Init")
    private TokenDirectory tokens;

    @SuppressWarnings("NullAway.Init")
    private UnixListener listener;

    /** @param bytes of each key's certificate */
    private void start(int keys, int bytes) throws IOException {
        for (int i = 0; i < keys; i++) {
            token.add(TestKey.P256_A, "key" + i, List.of(new byte[bytes]), null);
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

    private void assertAllListed(int count) {
        try (TokenClient client = TokenClient.open(socket())) {
            List<KeyDescription> keys = client.listKeys(null);
            assertThat(keys).hasSize(count).doesNotHaveDuplicates();
            assertThat(keys.getFirst().label()).isEqualTo("key0");
            assertThat(keys.getLast().label()).isEqualTo("key" + (count - 1));
            assertThat(client.listTokens()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "63, 1000", "64, 1000", "65, 1000", "128, 1000", "600, 30000"})
    @DisplayName("All keys are listed, however many there are and however long all of them together")
    void many(int keys, int bytes) throws IOException {
        start(keys, bytes);
        assertAllListed(keys);
    }

    @Test
    @DisplayName("A few keys that are too long for one answer come in several, too")
    void fewLongOnes() throws IOException {
        start(20, 2_000_000);
        assertAllListed(20);
    }

    @Test
    @DisplayName(
            "Who does not ask for more is told what to do about a list that is too long, and the connection goes on")
    void tooLong() throws Exception {
        start(20, 2_000_000);
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            FrameWriter writer = new FrameWriter(connection, MessageCodec.MAX_REQUEST);
            FrameReader reader = new FrameReader(connection, MessageCodec.MAX_REPLY);
            ListKeys all = new ListKeys(null, null);
            writer.write(MessageCodec.encodeRequest(new Envelope(all, false, false)));
            assertThat(MessageCodec.decodeReply(all, Objects.requireNonNull(reader.next())))
                    .isInstanceOfSatisfying(Reply.Failure.class, refusal -> {
                        assertThat(refusal.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
                        assertThat(refusal.message())
                                .contains("20 keys", "ask with \"more\": true, or name a token, or a key");
                    });
            ListKeys one = new ListKeys(null, "pkcs11:object=key7");
            writer.write(MessageCodec.encodeRequest(new Envelope(one, false, false)));
            assertThat(MessageCodec.decodeReply(one, Objects.requireNonNull(reader.next())))
                    .isInstanceOfSatisfying(
                            Reply.Keys.class, found -> assertThat(found.keys()).hasSize(1));
        }
    }
}
