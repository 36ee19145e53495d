package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/**
 * Serves the connection of one application. Unlike with {@link RpcServer}, calls run side by side and are answered as they
 * end; those that name one session keep their order, and C_Initialize and C_Finalize keep theirs with all. When nothing can be
 * written any more, what comes is thrown away until the application closes its end: closing ours first would end it by
 * SIGPIPE.
 */
public final class ApplicationServer {
    private final Wire wire;
    private final Cryptoki cryptoki;
    private final CallWorkers workers;
    private final long idleMillis;
    private final Consumer<Throwable> defects;
    private volatile @Nullable Relay relay;

    /**
     * @param cryptoki the application's view, which several threads may call at once
     * @param idleMillis after so long without a call the connection gets along with the one thread that serves it
     * @param defects told what should never be thrown
     */
    public ApplicationServer(
            Wire wire, Cryptoki cryptoki, CallWorkers workers, long idleMillis, Consumer<Throwable> defects) {
        this.wire = wire;
        this.cryptoki = cryptoki;
        this.workers = workers;
        this.idleMillis = idleMillis;
        this.defects = defects;
    }

    /**
     * Returns when the application has closed the connection and all its calls have ended.
     *
     * @throws IOException when it broke inside a frame, or a frame was over the bounds
     */
    public void serve() throws IOException {
        try (FrameReader in = new FrameReader()) {
            int offered = in.readByte(wire::read);
            if (offered < 0) {
                return;
            }
            // Answering less than was offered would make later clients speak another dialect than they do today.
            int version = Math.min(offered, Dialect.NEWEST_VERSION);
            try (Answers answers = new Answers(cryptoki, Client.stock(version), null, defects)) {
                writeByte(version);
                Relay started = new Relay(wire, in, answers, workers, idleMillis);
                relay = started;
                started.run();
            }
        } catch (WireFormatException e) {
            throw new EOFException(e.getMessage());
        }
    }

    /** Whether calls run on other threads than the one that reads, and will end by themselves. */
    public boolean isBusy() {
        Relay started = relay;
        return started != null && started.isBusy();
    }

    private void writeByte(int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            wire.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) value));
        }
    }
}
