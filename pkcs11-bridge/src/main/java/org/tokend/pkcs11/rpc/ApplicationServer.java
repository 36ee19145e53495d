package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/**
 * Serves the connection of one application. Unlike with {@link RpcServer}, calls run side by side and are answered as they
 * end; those that name one session keep their order, and C_Initialize and C_Finalize keep theirs with all. When nothing can be
 * written any more, what comes is thrown away until the application closes its end: closing ours first would end it by
 * SIGPIPE.
 *
 * <p>A connection on which nothing happens needs no thread and has no buffer: {@link #serve} returns, and is called again when
 * something has come.
 */
public final class ApplicationServer implements AutoCloseable {
    private final Wire wire;
    private final Cryptoki cryptoki;
    private final CallWorkers workers;
    private final long idleMillis;
    private final Consumer<Throwable> defects;
    private @Nullable FrameReader in;
    private @Nullable Answers answers;
    private volatile @Nullable Relay relay;

    /**
     * @param cryptoki the application's view, which several threads may call at once
     * @param idleMillis after so long without a call {@link #serve} returns
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
     * By one thread at a time, not always the same.
     *
     * @return true when nothing comes at present and no call runs; false when the application has closed the connection and all
     *     its calls have ended
     * @throws IOException when it broke inside a frame, or a frame was over the bounds
     */
    public boolean serve() throws IOException {
        FrameReader reader = in;
        if (reader == null) {
            reader = workers.takeReader();
            in = reader;
        }
        if (!serve(reader)) {
            return false;
        }
        if (!reader.hasMore()) {
            giveBackReader();
        }
        return true;
    }

    private boolean serve(FrameReader reader) throws IOException {
        Relay started = relay;
        try {
            if (started == null) {
                started = greet(reader);
            }
            return started != null && started.run(reader);
        } catch (SocketTimeoutException nothingYet) {
            return true; // Not even the first byte.
        } catch (WireFormatException e) {
            throw new EOFException(e.getMessage());
        }
    }

    private @Nullable Relay greet(FrameReader reader) throws IOException, WireFormatException {
        wire.timeout(idleMillis);
        int offered = reader.readByte(wire::read);
        if (offered < 0) {
            return null;
        }
        // Answering less than was offered would make later clients speak another dialect than they do today.
        int version = Math.min(offered, Dialect.NEWEST_VERSION);
        Answers made = new Answers(cryptoki, Client.stock(version), null, defects);
        answers = made;
        writeByte(version);
        Relay started = new Relay(wire, reader, made, workers, idleMillis);
        relay = started;
        return started;
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

    /** When {@link #serve} is not to be called any more. */
    @Override
    public void close() {
        giveBackReader();
        if (answers != null) {
            answers.close();
        }
    }

    private void giveBackReader() {
        FrameReader reader = in;
        in = null;
        if (reader != null) {
            reader.reset();
            workers.giveBack(reader);
        }
    }
}
