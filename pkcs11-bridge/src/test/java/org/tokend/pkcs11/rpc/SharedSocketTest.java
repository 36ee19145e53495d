package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.linux.SocketPair;

/** The host's end is played by the test. */
@Timeout(20)
class SharedSocketTest {
    private static final long MILLIS = 10_000;

    private final Arena arena = Arena.ofAuto();
    private final SharedMessage.Reader requests = new SharedMessage.Reader();
    private Descriptor host;
    private SharedSocket socket;

    @BeforeEach
    void open() throws IOException {
        SocketPair pair = SocketPair.open();
        host = pair.there();
        socket = new SharedSocket(pair.here(), 3, "scripted", Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        socket.end();
        host.close();
    }

    private MemorySegment bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }

    /** Messages one after the other: a connection's number and its bytes, in turn. */
    private MemorySegment messages(Object... parts) {
        MemorySegment all = arena.allocate(1 << 17);
        long at = 0;
        for (int i = 0; i < parts.length; i += 2) {
            at = SharedMessage.put((int) parts[i], (MemorySegment) parts[i + 1], all, at);
        }
        return all.asSlice(0, at);
    }

    private byte[] take(int connection) throws IOException {
        MemorySegment into = arena.allocate(64);
        long count = socket.input(connection).take(into, MILLIS);
        return count < 0 ? new byte[0] : into.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }

    private CompletableFuture<byte[]> taken(int connection) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return take(connection);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    @DisplayName(
            "Requests go out with their connection's number, and replies that come together find who waits for each")
    void together() throws Exception {
        socket.write(0, bytes(1, 2));
        socket.write(2, bytes(3));
        List<String> seen = new ArrayList<>();
        while (seen.size() < 2) {
            int ignored = requests.took(
                    host.read(requests.room()), (connection, bytes) -> seen.add(connection + ":" + bytes.byteSize()));
        }
        assertThat(seen).containsExactly("0:2", "2:1");

        CompletableFuture<byte[]> second = taken(2);
        host.write(messages(2, bytes(9), 0, bytes(7, 8)));
        assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly(9);
        assertThat(take(0)).containsExactly(7, 8);
    }

    @Test
    @DisplayName("A reply that comes in pieces, and in the middle of one, is put together again")
    void pieces() throws IOException {
        socket.write(1, bytes(1));
        MemorySegment reply = messages(1, bytes(4, 5), 1, bytes(6));
        List<Byte> all = new ArrayList<>();
        for (long i = 0; i < reply.byteSize(); i++) {
            host.write(reply.asSlice(i, 1));
        }
        while (all.size() < 3) {
            for (byte each : take(1)) {
                all.add(each);
            }
        }
        assertThat(all).containsExactly((byte) 4, (byte) 5, (byte) 6);
    }

    @Test
    @DisplayName("When the host ends, whoever waits is told the end, and nobody is sent there any more")
    void hostEnds() throws Exception {
        socket.write(1, bytes(1));
        CompletableFuture<byte[]> waiting = taken(1);
        host.shutdown();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(socket.isWorthwhile(1)).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"for no connection", "before the first", "longer than there is", "unasked", "without end"})
    @DisplayName("A host that says what it cannot mean has lost all that share the socket")
    void hostile(String what) throws Exception {
        socket.write(1, bytes(1));
        CompletableFuture<byte[]> waiting = taken(1);
        host.timeout(MILLIS);
        switch (what) {
            case "for no connection" -> host.write(messages(3, bytes(1)));
            case "before the first" -> host.write(messages(-1, bytes(1)));
            case "longer than there is" -> host.write(bytes(1, 0, 0, 0, 1, 0x10, 0, 0));
            case "unasked" -> host.write(messages(0, bytes(1)));
            default -> assertThatThrownBy(this::writeWithoutEnd).isInstanceOf(SocketException.class);
        }
        waiting.get(10, TimeUnit.SECONDS);
        while (take(1).length > 0) {
            // What came before.
        }
        assertThat(socket.isWorthwhile(1)).isFalse();
    }

    /** Only so is it certain to be more than has been taken meanwhile. */
    private void writeWithoutEnd() throws IOException {
        MemorySegment message = messages(1, arena.allocate(SharedMessage.LONGEST));
        while (true) {
            host.write(message);
        }
    }

    @Test
    @DisplayName("What has come besides the last reply breaks the next request")
    void moreThanAsked() throws IOException {
        socket.write(1, bytes(1));
        socket.write(2, bytes(1));
        host.write(messages(1, bytes(4), 1, bytes(5), 2, bytes(6)));
        assertThat(take(2)).containsExactly(6);
        assertThat(socket.input(1).take(arena.allocate(1), MILLIS)).isOne();
        assertThatThrownBy(() -> socket.write(1, bytes(2))).hasMessageContaining("more has come");
    }

    @Test
    @DisplayName("A reply that does not come is waited for no longer than was said, and an interrupt changes nothing")
    void deadline() throws IOException {
        socket.write(1, bytes(1));
        Thread.currentThread().interrupt();
        long begin = System.nanoTime();
        assertThatThrownBy(() -> socket.input(1).take(arena.allocate(1), 50))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @DisplayName("What one connection has to say goes there while replies come together, and hardly ever otherwise")
    void worthwhile() throws IOException {
        assertThat(socket.isWorthwhile(SharedMessage.LONGEST)).isTrue();
        assertThat(socket.isWorthwhile(SharedMessage.LONGEST + 1)).isFalse();

        for (int i = 0; i < 100; i++) {
            socket.write(0, bytes(1));
            host.write(messages(0, bytes(2)));
            assertThat(take(0)).containsExactly(2);
        }
        long sent = 0;
        for (int i = 0; i < 2048; i++) {
            sent += socket.isWorthwhile(1) ? 1 : 0;
        }
        assertThat(sent).isEqualTo(4 * 32);
    }
}
