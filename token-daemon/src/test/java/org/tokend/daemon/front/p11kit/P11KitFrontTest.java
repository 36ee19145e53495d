package org.tokend.daemon.front.p11kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.CallerReader;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.config.OwnUser;
import org.tokend.daemon.transport.BoundSocket;
import org.tokend.daemon.transport.ConnectionLimits;
import org.tokend.daemon.transport.PeerPolicy;
import org.tokend.daemon.transport.UnixListener;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.linux.Descriptor;

@Timeout(60)
class P11KitFrontTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Semaphore logins = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private UnixListener listener;

    private Path socket() {
        return directory.resolve("p11-kit/pkcs11");
    }

    private void start(int connections) throws IOException {
        int uid = OwnUser.uid();
        listener = new UnixListener(
                BoundSocket.bind(socket(), uid, null),
                new PeerPolicy(uid, false, OptionalInt.empty()),
                new ConnectionLimits(connections, connections, Duration.ofSeconds(5)),
                new P11KitFront(
                        new CallerReader(uid, Front.P11KIT),
                        (caller, waiting) -> new P11KitFront.View(application(), () -> {})));
        listener.start(() -> {});
    }

    private Cryptoki application() {
        open.incrementAndGet();
        return (Cryptoki) Proxy.newProxyInstance(
                Cryptoki.class.getClassLoader(), new Class<?>[] {Cryptoki.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("login")) {
                        begun.incrementAndGet();
                        logins.acquire();
                    } else if (method.getName().equals("close")) {
                        open.decrementAndGet();
                    }
                    return null;
                });
    }

    @AfterEach
    void close() {
        logins.release(100);
        listener.close();
    }

    @Test
    @DisplayName("Each connection is one application, which ends with it")
    void oneApplicationEach() throws IOException {
        start(10);
        try (Program first = Program.initialised(socket());
                Program second = Program.initialised(socket())) {
            assertThat(first.isServed()).isTrue();
            assertThat(second.isServed()).isTrue();
            assertThat(open).hasValue(2);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(open).hasValue(0));
        assertThat(listener.connections()).isZero();
    }

    @Test
    @DisplayName("Who makes room for another is told so with its next call, and writing does not kill it")
    void eviction() throws IOException {
        start(1);
        try (Program first = Program.initialised(socket())) {
            assertThat(first.isServed()).isTrue();
            // Right after its answer the first still counts as busy.
            await().atMost(SOON).until(this::anotherIsServed);
            first.send(11, "u", "0000000000000011");
            assertThat(first.receive()).isEqualTo(-1);
            assertThatCode(() -> first.send(11, "u", "0000000000000011")).doesNotThrowAnyException();
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(open).hasValue(0));
    }

    private boolean anotherIsServed() throws IOException {
        try (Program another = Program.initialised(socket())) {
            return another.isServed();
        }
    }

    @Test
    @DisplayName("Who finds all places in use is turned away without being killed")
    void turnedAway() throws IOException {
        start(1);
        try (Program first = Program.initialised(socket())) {
            first.login();
            await().atMost(SOON).untilAsserted(() -> assertThat(begun).hasValue(1));
            // Only now: a first that is idle would make room.
            try (Program second = new Program(socket());
                    Program third = new Program(socket())) {
                assertThat(third.offerVersion()).isEqualTo(-1);
                assertThat(second.offerVersion()).isEqualTo(-1);
            }
            logins.release();
            assertThat(first.receive()).isEqualTo(18);
            assertThat(first.isServed()).isTrue();
        }
    }

    @Test
    @DisplayName("When the daemon stops, a running call is answered, and nobody is killed as long as our ends are kept")
    void stop() throws Exception {
        start(10);
        try (Program busy = Program.initialised(socket());
                Program idle = Program.initialised(socket())) {
            assertThat(idle.isServed()).isTrue();
            busy.login();
            await().atMost(SOON).untilAsserted(() -> assertThat(begun).hasValue(1));
            Thread stopping = Thread.ofPlatform().start(this::drain);
            await().atMost(SOON).until(() -> !socket().toFile().exists());
            logins.release();
            assertThat(busy.receive()).isEqualTo(18);
            stopping.join();
            List<Descriptor> kept = listener.unfinished();
            assertThat(kept).hasSize(2);
            listener.close();
            for (Program program : List.of(busy, idle)) {
                assertThat(program.receive()).isEqualTo(-1);
            }
            kept.forEach(Descriptor::close);
        }
    }

    private void drain() {
        try {
            listener.drain(SOON);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("A call that does not end in time ends with the connection")
    void stopInTheMiddle() throws Exception {
        start(10);
        try (Program busy = Program.initialised(socket())) {
            busy.login();
            await().atMost(SOON).untilAsserted(() -> assertThat(begun).hasValue(1));
            listener.drain(Duration.ofMillis(50));
            assertThat(busy.receive()).isEqualTo(-1);
            assertThatCode(() -> busy.send(11, "u", "0000000000000011")).doesNotThrowAnyException();
        }
    }
}
