package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.SignInit;
import org.tokend.pkcs11.linux.Arrivals;
import org.tokend.pkcs11.linux.BriefWatch;
import org.tokend.pkcs11.linux.SocketPair;

@Timeout(60)
@ParameterizedClass(name = "over the shared socket: {0}")
@ValueSource(booleans = {false, true})
class CallDeskTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 6;

    /** Whether the clients say all that they have to say over the socket that they share. */
    @Parameter
    boolean together;

    private final GatedCryptoki module = new GatedCryptoki();
    private final FixedPace pace = new FixedPace();
    private final AtomicInteger sleeps = new AtomicInteger();
    private final List<SocketPair> pairs = new ArrayList<>();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final CompletableFuture<IOException> broken = new CompletableFuture<>();
    private @Nullable SharedSocket ours;

    /** What signing is taken for; all other calls are short. */
    private static final class FixedPace extends CallPace {
        volatile Way signing = Way.SHORT;

        FixedPace() {
            super(1);
        }

        @Override
        Way begins(Call call, boolean alone) {
            return call == Call.SIGN ? signing : Way.SHORT;
        }

        @Override
        int leaders() {
            return signing == Way.COMPUTING ? 2 : 1;
        }
    }

    /** Watches for as long as it may, however many processors there are and whatever comes how soon, and counts the sleeps. */
    private final class EndlessWatch extends BriefWatch {
        EndlessWatch() {
            super(0);
        }

        @Override
        public long await(BooleanSupplier alone, Taking now, Taking asleep) throws IOException {
            while (alone.getAsBoolean()) {
                long taken = now.take();
                if (taken > 0) {
                    return taken;
                }
                Thread.yield();
            }
            sleeps.incrementAndGet();
            return asleep.take();
        }
    }

    @BeforeEach
    void open() throws IOException {
        AheadSessions ahead = new AheadSessions();
        SocketPair shared = SocketPair.open();
        pairs.add(shared);
        ours = new SharedSocket(shared.here(), CONNECTIONS, "gated", SOON);
        CallDesk desk = new CallDesk(Arrivals.open(), pace, EndlessWatch::new, shared.there());
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketPair pair = SocketPair.open();
            pairs.add(i, pair);
            desk.serve(pair.there(), wire -> new RpcServer(wire, module.cryptoki(), new ReentrantLock(), ahead));
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    desk.work();
                } catch (IOException e) {
                    broken.complete(e);
                }
            });
        }
    }

    @AfterEach
    void close() {
        clients.shutdownNow();
        // The threads of the desk go on until the process ends, as in a module host, so what they watch stays open.
        pairs.forEach(pair -> pair.here().shutdown());
    }

    private Cryptoki connect(int number) throws CryptokiException {
        Wire own = new SocketWire(pairs.get(number).here());
        Wire wire = together ? new SharedWire(Objects.requireNonNull(ours), number) : own;
        return new RpcCryptoki(RpcConnection.open(wire, Deadlines.DEFAULT, new ReentrantLock(), loss -> {}), () -> {});
    }

    /** The daemon's end of a connection that has no socket of its own. */
    private record SharedWire(SharedSocket shared, int connection) implements Wire {
        @Override
        public long read(MemorySegment into) throws IOException {
            return shared.input(connection).take(into, SOON.toMillis());
        }

        @Override
        public void write(MemorySegment from) throws IOException {
            shared.write(connection, from);
        }

        @Override
        public void timeout(long millis) {}

        @Override
        public void close() {}
    }

    private List<Future<byte[]>> signWith(int count) throws CryptokiException {
        List<Cryptoki> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(connect(i));
        }
        List<Future<byte[]>> signatures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            signatures.add(clients.submit(() -> connections.get(number).sign(number, new byte[] {(byte) number})));
        }
        return signatures;
    }

    private void assertSigned(List<Future<byte[]>> signatures) throws Exception {
        for (int i = 0; i < signatures.size(); i++) {
            assertThat(signatures.get(i).get(20, TimeUnit.SECONDS)).containsExactly(i);
        }
    }

    private long count(String begin) {
        return module.events().stream().filter(event -> event.startsWith(begin)).count();
    }

    private void letGo(int count) {
        for (int i = 0; i < count; i++) {
            module.letGo("sign");
        }
    }

    @Test
    @DisplayName("Short calls are answered one after the other, each to the connection from which it came")
    void shortCalls() throws Exception {
        module.gate("sign");
        List<Future<byte[]>> signatures = signWith(CONNECTIONS);
        letGo(CONNECTIONS);
        assertSigned(signatures);
        List<String> events = module.events();
        for (int i = 0; i < events.size(); i += 2) {
            assertThat(events.get(i + 1)).isEqualTo("<" + events.get(i).substring(1));
        }
    }

    @Test
    @DisplayName("While C_SignInit is called ahead in a session, a call for it from elsewhere waits, and others do not")
    void initAhead() throws Exception {
        pace.signing = CallPace.Way.COMPUTING;
        Cryptoki one = connect(0);
        Cryptoki other = connect(1);
        module.gate("signInit");
        SignInit init = new SignInit(Mechanism.of(CKM.ECDSA), 3);
        Future<byte[]> first = clients.submit(() -> one.signOnce(1, init, new byte[] {5}, new Ahead(true, true)));
        assertThat(first.get(20, TimeUnit.SECONDS)).containsExactly(5);
        await().atMost(SOON).until(() -> count(">signInit 1") == 1);

        Future<?> elsewhere = clients.submit(() -> {
            other.closeSession(2);
            other.closeSession(1);
            return null;
        });
        await().atMost(SOON).until(() -> count("<closeSession 2") == 1);
        Thread.sleep(50);
        assertThat(count(">closeSession 1")).isZero();
        module.letGo("signInit");
        elsewhere.get(20, TimeUnit.SECONDS);
        assertThat(module.events()).containsSubsequence("<signInit 1", ">closeSession 1");
    }

    @Test
    @DisplayName(
            "Of calls that compute two run at once where two threads may lead, and the next begins when one has ended")
    void computing() throws Exception {
        pace.signing = CallPace.Way.COMPUTING;
        module.gate("sign");
        List<Future<byte[]>> signatures = signWith(CONNECTIONS);
        await().atMost(SOON).until(() -> count(">sign") == 2);
        letGo(CONNECTIONS);
        assertSigned(signatures);
        int running = 0;
        for (String event : module.events()) {
            running += event.startsWith(">") ? 1 : -1;
            assertThat(running).isBetween(0, 2);
        }
    }

    @Test
    @DisplayName("Of calls that came in one piece over the shared socket, too, two run at once")
    void computingInOnePiece() throws Exception {
        pace.signing = CallPace.Way.COMPUTING;
        connect(0);
        connect(1);
        module.gate("sign");
        for (int round = 1; round <= 3; round++) {
            // From the second round on two threads lead, and sleep.
            int begun = 2 * round;
            signInOnePiece();
            await().atMost(SOON).until(() -> count(">sign") == begun);
            letGo(2);
            await().atMost(SOON).until(() -> count("<sign") == begun);
            Thread.sleep(50);
        }
    }

    private void signInOnePiece() throws Exception {
        try (Arena arena = Arena.ofConfined();
                MessageWriter out = new MessageWriter()) {
            MemorySegment both = arena.allocate(1024);
            long length = 0;
            for (int connection = 0; connection < 2; connection++) {
                out.startFrame(100, "");
                out.startBody(Call.SIGN.id(), Call.SIGN.request());
                out.u64(connection).array(new byte[1]).u32(64);
                out.endFrame();
                length = SharedMessage.put(connection, out.written(), both, length);
                out.wipe();
            }
            pairs.getLast().here().write(both.asSlice(0, length));
        }
    }

    @Test
    @DisplayName("Calls that wait for a device all run at once, and others are answered meanwhile")
    void waiting() throws Exception {
        pace.signing = CallPace.Way.WAITING;
        module.gate("sign");
        List<Future<byte[]>> signatures = signWith(CONNECTIONS - 1);
        await().atMost(SOON).until(() -> count(">sign") == CONNECTIONS - 1);
        assertThat(connect(CONNECTIONS - 1).openSession(1, 0)).isEqualTo(17);
        letGo(CONNECTIONS - 1);
        assertSigned(signatures);
    }

    @Test
    @DisplayName("Whatever calls came before, the next one is answered")
    void oneAfterTheOther() throws Exception {
        Cryptoki one = connect(0);
        Cryptoki other = connect(1);
        for (int round = 0; round < 60; round++) {
            pace.signing = CallPace.Way.values()[round % 3];
            assertThat(one.sign(3, new byte[] {9})).containsExactly(9);
            assertThat(other.openSession(1, 0)).isEqualTo(17);
        }
    }

    private static void callTimes(int times, Cryptoki connection) throws CryptokiException {
        for (int i = 0; i < times; i++) {
            assertThat(connection.openSession(1, 0)).isEqualTo(17);
        }
    }

    @Test
    @DisplayName("A connection that has been the only one lately is watched, and nobody sleeps until another one calls")
    void alone() throws Exception {
        Cryptoki one = connect(0);
        Cryptoki other = connect(1);
        callTimes(20, one);
        int before = sleeps.get();
        callTimes(20, one);
        assertThat(sleeps).hasValue(before);

        callTimes(2, other);
        assertThat(sleeps).hasValueGreaterThan(before);
    }

    @Test
    @DisplayName("Connections that call in turn are waited for asleep")
    void inTurn() throws Exception {
        Cryptoki one = connect(0);
        Cryptoki other = connect(1);
        int before = sleeps.get();
        for (int i = 0; i < 20; i++) {
            callTimes(1, one);
            callTimes(1, other);
        }
        assertThat(sleeps).hasValueGreaterThanOrEqualTo(before + 39);
    }

    @Test
    @DisplayName("What arrives on a connection while its call waits is answered after that")
    void ahead() throws Exception {
        pace.signing = CallPace.Way.WAITING;
        module.gate("sign");
        connect(0);
        SocketWire wire = new SocketWire(pairs.getFirst().here());
        try (MessageWriter out = new MessageWriter();
                FrameReader in = new FrameReader()) {
            for (int code = 101; code <= 103; code++) {
                out.startFrame(code, "");
                out.startBody(Call.SIGN.id(), Call.SIGN.request());
                out.u64(5).array(new byte[] {(byte) code}).u32(64);
                out.endFrame();
                wire.write(out.written());
                out.wipe();
                int begun = code == 101 ? 1 : 0;
                await().atMost(SOON).until(() -> count(">sign") >= begun);
            }
            letGo(3);
            for (int code = 101; code <= 103; code++) {
                FrameReader.Frame reply = Objects.requireNonNull(in.read(wire::read));
                assertThat(reply.code()).isEqualTo(code);
            }
        }
    }

    @Test
    @DisplayName("A connection that is closed costs the others nothing")
    void closed() throws Exception {
        connect(0);
        pairs.getFirst().here().shutdown();
        for (int i = 1; i < CONNECTIONS; i++) {
            assertThat(connect(i).openSession(1, 0)).isEqualTo(17);
        }
        assertThat(broken).isNotDone();
    }

    @Test
    @DisplayName("A connection that breaks off inside a frame ends the work")
    void brokenFrame() throws Exception {
        connect(0);
        SocketWire wire = new SocketWire(pairs.getFirst().here());
        try (Arena arena = Arena.ofConfined()) {
            wire.write(arena.allocate(ValueLayout.JAVA_INT));
        }
        pairs.getFirst().here().shutdown();
        assertThat(broken.get(20, TimeUnit.SECONDS)).hasMessageContaining("inside a frame");
    }
}
