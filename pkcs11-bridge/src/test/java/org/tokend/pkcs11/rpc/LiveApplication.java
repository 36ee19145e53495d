package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.linux.SocketPair;

/** An application on a real socket with an {@link ApplicationServer} at its other end. */
final class LiveApplication implements AutoCloseable {
    private static final long LARGE_FRAMES = 64 << 20;

    private final CallWorkers workers = new CallWorkers(64, LARGE_FRAMES);
    private final SocketPair pair = SocketPair.open();
    private final CountDownLatch served = new CountDownLatch(1);
    private final List<Throwable> defects = new ArrayList<>();
    private final MemorySegment received = Arena.ofAuto().allocate(1 << 20);
    private final AtomicInteger rests = new AtomicInteger();
    private long start;
    private long end;

    private LiveApplication(Cryptoki cryptoki, long idleMillis) throws IOException {
        ApplicationServer server =
                new ApplicationServer(new SocketWire(pair.there()), cryptoki, workers, idleMillis, defects::add);
        startServing(server);
        pair.here().timeout(20_000);
    }

    /** @param version what it offers, which it says at once */
    LiveApplication(Cryptoki cryptoki, int version, long idleMillis) throws IOException {
        this(cryptoki, idleMillis);
        greet(version);
    }

    static LiveApplication silent(Cryptoki cryptoki, long idleMillis) throws IOException {
        return new LiveApplication(cryptoki, idleMillis);
    }

    void greet(int version) throws IOException {
        send(new byte[] {(byte) version});
        fill(1);
        start++;
    }

    /** Each time on another thread, as a daemon does. */
    private void startServing(ApplicationServer server) {
        Thread.ofPlatform().daemon().start(() -> {
            boolean more = false;
            try {
                more = server.serve();
            } catch (IOException e) {
                // It looks the same from the other end.
            }
            if (more) {
                rests.incrementAndGet();
                startServing(server);
            } else {
                server.close();
                served.countDown();
            }
        });
    }

    /** How often nobody had to serve it. */
    int rests() {
        return rests.get();
    }

    static LiveApplication initialised(Cryptoki cryptoki, int version) throws IOException {
        LiveApplication application = new LiveApplication(cryptoki, version, 5_000);
        application.call(1, 1, "ayyay", Conversation.HANDSHAKE);
        application.reply();
        return application;
    }

    /** @param code by which the reply is known */
    LiveApplication call(int code, int id, String signature, String arguments) throws IOException {
        return send(WireText.frame(code, "client", id, signature, arguments));
    }

    LiveApplication send(byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            pair.here().write(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
        }
        return this;
    }

    record Reply(int code, String body) {}

    /** The next reply, whichever call it belongs to. */
    Reply reply() throws IOException {
        fill(FrameReader.HEADER);
        ByteBuffer header = received.asSlice(start, FrameReader.HEADER).asByteBuffer();
        int code = header.getInt();
        int length = header.getInt() + header.getInt();
        start += FrameReader.HEADER;
        fill(length);
        byte[] body = received.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
        start += length;
        return new Reply(code, HexFormat.of().formatHex(body));
    }

    private void fill(long length) throws IOException {
        while (end - start < length) {
            long count = pair.here().read(received.asSlice(end));
            if (count < 0) {
                throw new IOException("the server ended the connection");
            }
            end += count;
        }
    }

    List<Throwable> defects() {
        return defects;
    }

    /** Ends our side. @return whether the server then ended too */
    boolean leave(Duration within) throws InterruptedException {
        pair.here().shutdown();
        return served.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        try {
            if (!leave(Duration.ofSeconds(20))) {
                throw new AssertionError("the server does not notice that the application has gone");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pair.close();
        workers.close();
    }
}
