package org.tokend.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.Envelope;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.Lock;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;
import org.tokend.protocol.Status;
import org.tokend.protocol.Unlock;
import org.tokend.protocol.UnwrapContentKey;

@Timeout(60)
class TokenClientTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Reply.Event WAITING =
            new Reply.Event(Reply.Event.Kind.WAITING_FOR_PIN, "pkcs11:token=Card", "Enter the PIN", Instant.EPOCH);

    @TempDir
    private Path directory;

    private static Sign sign(int first) {
        byte[] digest = new byte[32];
        digest[0] = (byte) first;
        return new Sign("sha256:ab", Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, digest, "");
    }

    @Test
    @DisplayName("Each method sends its request and returns its answer")
    void methods() throws IOException {
        try (ScriptedServer server = new ScriptedServer(call -> {
                    Reply reply = call.envelope().request() instanceof Sign s
                            ? new Reply.Signature(s.input())
                            : call.envelope().request() instanceof Decrypt d
                                    ? new Reply.Plaintext(d.ciphertext())
                                    : call.envelope().request() instanceof UnwrapContentKey u
                                            ? new Reply.ContentKey(u.recipientInfo())
                                            : call.envelope().request() instanceof Agree a
                                                    ? new Reply.SharedSecret(a.publicKey())
                                                    : call.envelope().request() instanceof ListKeys
                                                            ? new Reply.Keys(List.of())
                                                            : new Reply.Done();
                    call.reply(reply);
                });
                TokenClient client = TokenClient.open(server.socket())) {
            assertThat(client.sign(sign(7))).hasSize(32).startsWith(7);
            assertThat(client.decrypt(new Decrypt("k", Algorithm.RSA_PKCS1, new byte[] {1}, 1, "")))
                    .containsExactly(1);
            assertThat(client.unwrapContentKey(new UnwrapContentKey("k", new byte[] {2}, 16, "")))
                    .containsExactly(2);
            assertThat(client.agree(new Agree("k", new byte[] {3}, ""))).containsExactly(3);
            assertThat(client.listKeys("pkcs11:token=Card")).isEmpty();
            assertThat(client.findKeys("pkcs11:object=mail")).isEmpty();
            client.unlock("pkcs11:token=Card");
            client.lock(null);
            assertThat(server.calls().stream().filter(Envelope::more).map(Envelope::request))
                    .as("a long list may come in several answers")
                    .allMatch(ListKeys.class::isInstance)
                    .hasSize(2);
            assertThat(server.calls().stream().map(Envelope::request))
                    .contains(
                            new Unlock("pkcs11:token=Card"),
                            new Lock(null),
                            new ListKeys("pkcs11:token=Card", null),
                            new ListKeys(null, "pkcs11:object=mail"))
                    .hasSize(8);
        }
    }

    @Test
    @DisplayName("What a call waits for is told to a listener, and asked for only when there is one")
    void events() throws IOException {
        List<Reply.Event> heard = new ArrayList<>();
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.reply(WAITING);
                    call.reply(WAITING);
                    call.reply(new Reply.Signature(new byte[] {9}));
                });
                TokenClient client = TokenClient.open(server.socket(), TokenClient.PATIENCE, heard::add)) {
            assertThat(client.sign(sign(1))).containsExactly(9);
            assertThat(heard).containsExactly(WAITING, WAITING);
            assertThat(server.calls().get(0).more()).isTrue();
        }
    }

    @Test
    @DisplayName("A list of keys that comes in several answers, with an event between them, is one list")
    void listInParts() throws IOException {
        List<Reply.Event> heard = new ArrayList<>();
        try (ScriptedServer server = new ScriptedServer(call -> {
                    if (call.envelope().request() instanceof ListKeys) {
                        call.reply(new Reply.SomeKeys(List.of(key("a"), key("b"))));
                        call.reply(WAITING);
                        call.reply(new Reply.SomeKeys(List.of(key("c"))));
                        call.reply(new Reply.Keys(List.of(key("d"))));
                    } else {
                        call.reply(new Reply.Done());
                    }
                });
                TokenClient client = TokenClient.open(server.socket(), TokenClient.PATIENCE, heard::add)) {
            assertThat(client.listKeys(null)).extracting(KeyDescription::label).containsExactly("a", "b", "c", "d");
            assertThat(heard).containsExactly(WAITING);
            client.lock(null);
        }
    }

    @Test
    @DisplayName("A list that breaks off with an error is an error, and not half a list")
    void listBreaksOff() throws IOException {
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.reply(new Reply.SomeKeys(List.of(key("a"))));
                    call.reply(new Reply.Failure(ErrorCode.TIMEOUT, "The token does not answer"));
                });
                TokenClient client = TokenClient.open(server.socket())) {
            assertThatThrownBy(() -> client.listKeys(null)).hasMessage("The token does not answer");
        }
    }

    private static KeyDescription key(String label) {
        return new KeyDescription(
                "sha256:ab",
                "pkcs11:object=" + label,
                "pkcs11:token=Card",
                label,
                "01",
                "RSA",
                2048,
                null,
                new byte[] {1},
                List.of(),
                List.of(),
                Set.of(),
                false,
                null);
    }

    @Test
    @DisplayName("An error of the daemon comes with its code and message, and the connection stays good")
    void failure() throws IOException {
        try (ScriptedServer server = new ScriptedServer(call -> call.reply(
                        call.envelope().request() instanceof Sign
                                ? new Reply.Failure(ErrorCode.PIN_INCORRECT, "The PIN was wrong")
                                : new Reply.Done()));
                TokenClient client = TokenClient.open(server.socket())) {
            assertThatThrownBy(() -> client.sign(sign(1)))
                    .isInstanceOfSatisfying(TokenClientException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
                        assertThat(e.mayRetry()).isFalse();
                    })
                    .hasMessage("The PIN was wrong");
            client.lock(null);
        }
    }

    @Test
    @DisplayName("Threads share a connection and each gets its own answer")
    void threads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (ScriptedServer server = new ScriptedServer(call ->
                        call.reply(new Reply.Signature(((Sign) call.envelope().request()).input())));
                TokenClient client = TokenClient.open(server.socket())) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int first = i;
                calls.add(threads.submit(() -> assertThat(client.sign(sign(first)))
                        .startsWith((byte) first)
                        .hasSize(32)));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("A daemon that does not answer is given up in time, and its late answer is nobody's")
    void silence() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(call -> {
                    late.await();
                    call.reply(new Reply.Signature(new byte[1]));
                });
                TokenClient client = TokenClient.open(server.socket(), SHORT, null)) {
            assertThatThrownBy(() -> client.sign(sign(1)))
                    .isInstanceOfSatisfying(
                            TokenClientException.ConnectionLost.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
            late.countDown();
            assertThatThrownBy(() -> client.sign(sign(2)))
                    .isInstanceOf(TokenClientException.ConnectionLost.class)
                    .hasMessageContaining("open a new one");
        }
    }

    @Test
    @DisplayName("A connection that ends before or in the middle of an answer is an error that may be tried again")
    void hangUp() throws IOException {
        for (String answer : new String[] {"", "{\"parameters\":{\"signa"}) {
            try (ScriptedServer server = new ScriptedServer(call -> {
                        call.raw(answer);
                        call.channel().close();
                    });
                    TokenClient client = TokenClient.open(server.socket())) {
                assertThatThrownBy(() -> client.sign(sign(1)))
                        .isInstanceOfSatisfying(
                                TokenClientException.ConnectionLost.class,
                                e -> assertThat(e.mayRetry()).isTrue());
            }
        }
    }

    @Test
    @DisplayName("An answer that is none is told from an error of the daemon")
    void nonsense() throws IOException {
        for (String answer : new String[] {"\0", "{}\0", "nonsense\0", "{\"parameters\":{\"signature\":7}}\0"}) {
            try (ScriptedServer server = new ScriptedServer(call -> call.raw(answer));
                    TokenClient client = TokenClient.open(server.socket())) {
                assertThatThrownBy(() -> client.sign(sign(1)))
                        .isInstanceOfSatisfying(
                                TokenClientException.ConnectionLost.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
            }
        }
    }

    @Test
    @DisplayName("A watcher hears every event until the client is closed by another thread")
    void watch() throws Exception {
        List<Reply.Event> heard = new CopyOnWriteArrayList<>();
        CountDownLatch two = new CountDownLatch(2);
        try (ScriptedServer server = new ScriptedServer(call -> {
                    call.reply(WAITING);
                    call.reply(WAITING);
                });
                TokenClient client = TokenClient.open(server.socket(), SHORT, null)) {
            CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> client.watch(event -> {
                heard.add(event);
                two.countDown();
            }));
            assertThat(two.await(30, TimeUnit.SECONDS)).isTrue();
            client.close();
            watching.get(30, TimeUnit.SECONDS);
            assertThat(heard).containsExactly(WAITING, WAITING);
        }
    }

    @Test
    @DisplayName("A watcher whose daemon goes away is told so")
    void watchLost() throws Exception {
        try (ScriptedServer server = new ScriptedServer(call -> call.channel().close());
                TokenClient client = TokenClient.open(server.socket())) {
            assertThatThrownBy(() -> client.watch(event -> {})).isInstanceOf(TokenClientException.ConnectionLost.class);
        }
    }

    @Test
    @DisplayName("An interrupted thread comes back at once")
    void interrupt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(call -> asked.countDown());
                TokenClient client = TokenClient.open(server.socket())) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<?> call = thread.submit(client::status);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            thread.shutdownNow();
            assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TokenClientException.ConnectionLost.class)
                    .hasMessageContaining("interrupted");
        }
    }

    @Test
    @DisplayName("A request over the bound is not sent, and the connection stays good")
    void tooLong() throws IOException {
        try (ScriptedServer server = new ScriptedServer(call -> call.reply(new Reply.Done()));
                TokenClient client = TokenClient.open(server.socket())) {
            Agree huge = new Agree("k", new byte[300_000], "");
            assertThatThrownBy(() -> client.agree(huge))
                    .isInstanceOfSatisfying(
                            TokenClientException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE));
            client.lock(null);
            assertThat(server.calls()).hasSize(1);
        }
    }

    @Test
    @DisplayName("No daemon: the error says so, and how to start it")
    void noDaemon() throws IOException {
        Path missing = directory.resolve("tokend.sock");
        assertThatThrownBy(() -> TokenClient.open(missing))
                .isInstanceOf(TokenClientException.NotRunning.class)
                .hasMessageContainingAll("tokend is not running", missing.toString(), "start it with");

        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(missing));
        }
        assertThatThrownBy(() -> TokenClient.open(missing))
                .isInstanceOf(TokenClientException.NotRunning.class)
                .hasMessageContaining("tokend is not running");

        Path regular = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> TokenClient.open(regular)).isInstanceOf(TokenClientException.NotRunning.class);
    }

    @Test
    @DisplayName("A daemon that accepts nobody does not hold its clients for ever")
    void fullBacklog() throws Exception {
        Path socket = directory.resolve("full");
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket), 1);
            for (int i = 0; i < 2; i++) {
                waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
            assertThatThrownBy(() -> TokenClient.open(socket, SHORT, null))
                    .isInstanceOfSatisfying(
                            TokenClientException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    @DisplayName("A reason that the daemon gives before it hangs up is heard")
    void refusedAtOnce() throws Exception {
        Path socket = directory.resolve("refuses");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> {
                try (SocketChannel channel = listener.accept()) {
                    new ScriptedServer.Call(new Envelope(new Status(), false, false), channel)
                            .reply(new Reply.Failure(ErrorCode.BUSY, "Too many connections"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (TokenClient client = TokenClient.open(socket)) {
                refusing.get(30, TimeUnit.SECONDS);
                assertThatThrownBy(client::status).hasMessage("Too many connections");
            }
        }
    }
}
