package org.tokend.daemon.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.config.OwnUser;

@Timeout(60)
class UnixListenerTest {
    private static final int UID = OwnUser.uid();

    @TempDir
    Path directory;

    private final List<SocketChannel> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private UnixListener listener;

    private void start(PeerPolicy policy, int connections, int perProgram, ConnectionHandler handler)
            throws IOException {
        BoundSocket socket = BoundSocket.bind(directory.resolve("run/s"), UID, null);
        listener = new UnixListener(
                socket, policy, new ConnectionLimits(connections, perProgram, Duration.ofMillis(300)), handler);
        listener.start(() -> {});
    }

    private static PeerPolicy ourselves() {
        return new PeerPolicy(UID, false, OptionalInt.empty());
    }

    private SocketChannel connect() throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("run/s")));
        clients.add(client);
        return client;
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    /** Sends every byte back, and counts as busy only in between. */
    private static Dialogue echo(Connection connection) {
        return once(connection, UnixListenerTest::echoAll);
    }

    private static void echoAll(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        while (connection.read(buffer) > 0) {
            connection.busy();
            connection.write(buffer.flip());
            buffer.clear();
            connection.idle();
        }
    }

    interface Talk {
        void with(Connection connection) throws IOException;
    }

    /** What keeps its thread to the end. */
    private static Dialogue once(Connection connection, Talk talk) {
        return () -> {
            talk.with(connection);
            return false;
        };
    }

    private static boolean answers(SocketChannel client) {
        try {
            client.write(ByteBuffer.wrap(new byte[] {7}));
            return client.read(ByteBuffer.allocate(1)) == 1;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisplayName("The kernel says who connected, before anything is read")
    void credentials() throws Exception {
        List<PeerCredentials> seen = new ArrayList<>();
        List<String> programs = new ArrayList<>();
        start(ourselves(), 10, 10, connection -> {
            seen.add(connection.peer());
            programs.add(connection.program());
            return echo(connection);
        });
        assertThat(answers(connect())).isTrue();
        assertThat(seen.getFirst().uid()).isEqualTo(UID);
        assertThat(seen.getFirst().pid())
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(programs.getFirst()).endsWith("/bin/java");
    }

    @Test
    @DisplayName("A peer that may not connect is closed and never served")
    void refused() throws Exception {
        List<Connection> served = new ArrayList<>();
        start(new PeerPolicy(UID + 1, false, OptionalInt.empty()), 10, 10, connection -> {
            served.add(connection);
            return echo(connection);
        });
        SocketChannel client = connect();
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(served).isEmpty();
    }

    @Test
    @DisplayName("When all places are taken the one that is idle for longest makes room")
    void evictsIdle() throws Exception {
        start(ourselves(), 3, 3, UnixListenerTest::echo);
        SocketChannel first = connect();
        assertThat(answers(first)).isTrue();
        SocketChannel second = connect();
        assertThat(answers(second)).isTrue();
        assertThat(answers(connect())).isTrue();
        assertThat(answers(first)).isTrue();
        assertThat(answers(connect())).isTrue();
        assertThat(second.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(answers(first)).isTrue();
    }

    @Test
    @DisplayName("A flood of connections that send nothing pushes out itself, not who was served before")
    void floodPushesOutItself() throws Exception {
        start(ourselves(), 5, 5, UnixListenerTest::echo);
        SocketChannel honest = connect();
        assertThat(answers(honest)).isTrue();
        for (int i = 0; i < 100; i++) {
            connect();
        }
        assertThat(answers(honest)).isTrue();
        await().until(() -> listener.connections() <= 5);
    }

    @Test
    @DisplayName("A connection with a request under way is never closed for another")
    void busyStays() throws Exception {
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        start(
                ourselves(),
                2,
                2,
                peer -> once(peer, connection -> {
                    connection.busy();
                    busy.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.write(ByteBuffer.wrap(new byte[] {1}));
                }));
        SocketChannel first = connect();
        SocketChannel second = connect();
        first.write(ByteBuffer.wrap(new byte[] {7}));
        second.write(ByteBuffer.wrap(new byte[] {7}));
        busy.await();
        assertThat(connect().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        release.countDown();
        assertThat(first.read(ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(second.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    @DisplayName("Draining closes who is idle, waits for who is busy, and takes nobody new")
    void drains() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        start(
                ourselves(),
                10,
                10,
                peer -> once(peer, connection -> {
                    ByteBuffer buffer = ByteBuffer.allocate(1);
                    if (connection.read(buffer) < 1) {
                        return;
                    }
                    connection.busy();
                    busy.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.write(buffer.flip());
                    connection.idle();
                }));
        SocketChannel idle = connect();
        SocketChannel working = connect();
        working.write(ByteBuffer.wrap(new byte[] {7}));
        busy.await();
        Thread drain = Thread.ofPlatform().start(() -> {
            try {
                listener.drain(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(idle.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(drain.isAlive()).isTrue();
        release.countDown();
        assertThat(working.read(ByteBuffer.allocate(1))).isEqualTo(1);
        drain.join();
    }

    @Test
    @DisplayName("A connection on which nothing is said needs no thread, whether or not anything was said before")
    void needsNoThread() throws Exception {
        Set<Thread> serving = ConcurrentHashMap.newKeySet();
        start(ourselves(), 10, 10, connection -> {
            connection.setReadTimeout(Duration.ofMillis(1));
            return () -> {
                serving.add(Thread.currentThread());
                try {
                    return echoOnce(connection);
                } finally {
                    serving.remove(Thread.currentThread());
                }
            };
        });
        SocketChannel silent = connect();
        SocketChannel speaking = connect();
        for (int round = 0; round < 3; round++) {
            assertThat(answers(speaking)).isTrue();
            await().until(serving::isEmpty);
        }
        silent.close();
        await().until(() -> listener.connections() == 1);
        assertThat(answers(speaking)).isTrue();
    }

    /** @return whether the peer may say more */
    private static boolean echoOnce(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        int count = connection.read(buffer);
        if (count > 0) {
            connection.write(buffer.flip());
        }
        return count >= 0;
    }

    @Test
    @DisplayName("What is said on connections ends when the listener is closed, whether a thread serves them or not")
    void endsAll() throws Exception {
        AtomicInteger open = new AtomicInteger();
        start(ourselves(), 10, 10, connection -> {
            open.incrementAndGet();
            connection.setReadTimeout(Duration.ofMillis(1));
            return new Dialogue() {
                @Override
                public boolean serve() throws IOException {
                    return echoOnce(connection);
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        });
        SocketChannel first = connect();
        assertThat(answers(first)).isTrue();
        connect();
        await().until(() -> open.get() == 2);
        listener.close();
        await().until(() -> open.get() == 0);
        assertThat(first.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    @DisplayName("A peer that does not read its answers is given up")
    void neverReads() throws Exception {
        CountDownLatch gaveUp = new CountDownLatch(1);
        start(
                ourselves(),
                10,
                10,
                peer -> once(peer, connection -> {
                    ByteBuffer large = ByteBuffer.allocate(16 * 1024 * 1024);
                    while (large.hasRemaining()) {
                        if (connection.write(large) == 0) {
                            gaveUp.countDown();
                            return;
                        }
                    }
                }));
        connect().write(ByteBuffer.wrap(new byte[] {7}));
        gaveUp.await();
    }
}
