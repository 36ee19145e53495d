package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/**
 * Serves one connection: bytes come in, the module is called, bytes go out, one call after the other on the calling thread, which
 * need not always be the same. A message that cannot be read is answered with an error and the connection goes on, as long as it is
 * known where the next frame begins.
 */
public final class RpcServer implements AutoCloseable {
    /**
     * The number of a frame whose call is not answered, and carried out when the call that comes next and is not a C_SignInit
     * has been answered well. Only this daemon sends it.
     */
    static final int AFTERWARDS = 0;

    private final Wire wire;
    private final Cryptoki cryptoki;
    private final Lock turn;
    private final AheadSessions ahead;
    private final FrameReader in = new FrameReader();
    private final MessageWriter out = new MessageWriter();
    private @Nullable Answers answers;
    private Answers.@Nullable Afterwards afterwards;

    /** Does what otherwise the first connection would wait for. */
    public static void warmUp() {
        try (FrameReader in = new FrameReader();
                MessageWriter out = new MessageWriter()) {
            out.wipe();
            in.wipe();
        }
    }

    /**
     * @param turn held during each call; shared by all connections to a module that takes one call at a time
     * @param ahead shared by all connections to a module
     */
    public RpcServer(Wire wire, Cryptoki cryptoki, Lock turn, AheadSessions ahead) {
        this.ahead = ahead;
        this.wire = wire;
        this.cryptoki = cryptoki;
        this.turn = turn;
    }

    /** Told of each call, on the thread that runs it. */
    interface CallObserver {
        CallObserver NONE = new CallObserver() {
            @Override
            public void begins(Call call) {}

            @Override
            public void ended(Call call) {}
        };

        void begins(Call call) throws IOException;

        void ended(Call call);
    }

    /**
     * Returns when the client has closed the connection.
     *
     * @throws IOException when it broke inside a frame, or a frame was over the bounds
     */
    public void serve() throws IOException {
        try (this) {
            while (answerNext(CallObserver.NONE)) {
                // One after the other.
            }
        } catch (WireFormatException e) {
            throw new EOFException(e.getMessage());
        }
    }

    /**
     * Answers what has arrived. Waits only for the rest of a frame, never for the next one.
     *
     * @return false when the client has closed the connection
     * @throws IOException when it broke inside a frame, or a frame was over the bounds
     */
    boolean serveArrived(CallObserver observer) throws IOException {
        try {
            // Who told of an arrival may have told of one that has been read since.
            while (in.look(wire::readNow) || wire.hasInput()) {
                do {
                    if (!answerNext(observer)) {
                        return false;
                    }
                } while (in.hasMore());
                if (!in.filled()) {
                    return true;
                }
            }
            return true;
        } catch (WireFormatException e) {
            throw new EOFException(e.getMessage());
        }
    }

    private boolean answerNext(CallObserver observer) throws IOException, WireFormatException {
        Answers greeted = answers;
        if (greeted == null) {
            return greet();
        }
        FrameReader.Frame frame = in.read(wire::read);
        if (frame == null) {
            return false;
        }
        if (frame.code() == AFTERWARDS) {
            afterwards = greeted.afterwards(frame.body());
            return true;
        }
        Call call = CallTarget.call(frame.body());
        if (call != null) {
            ahead.await(call, frame.body());
            observer.begins(call);
        }
        greeted.answer(frame.code(), frame.body(), out);
        if (call != null) {
            observer.ended(call);
        }
        in.wipe();
        if (call != null && call.begins(Call.ofId(in.nextCallId()))) {
            return true;
        }
        Answers.Afterwards left = afterwards;
        afterwards = null;
        if (left == null || out.callId() == Call.ERROR_ID) {
            writeReplies();
        } else {
            answerAndGoOn(greeted, left, observer);
        }
        return true;
    }

    private void writeReplies() throws IOException {
        wire.write(out.written());
        out.wipe();
    }

    private void answerAndGoOn(Answers greeted, Answers.Afterwards left, CallObserver observer) throws IOException {
        ahead.begin(left.session());
        try {
            writeReplies();
            wire.flush();
            observer.begins(Call.SIGN_INIT);
            greeted.carryOut(left);
            observer.ended(Call.SIGN_INIT);
        } finally {
            ahead.end(left.session());
        }
    }

    private boolean greet() throws IOException, WireFormatException {
        int offered = in.readByte(wire::read);
        if (offered < 0) {
            return false;
        }
        // Answering less than was offered would make later clients speak another dialect than they do today.
        int version = Math.min(offered, Dialect.NEWEST_VERSION);
        writeByte(version);
        answers = new Answers(cryptoki, Client.ours(version), turn, defect -> {});
        return true;
    }

    private void writeByte(int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            wire.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) value));
        }
    }

    /** When nothing is to be answered any more. The wire stays open. */
    @Override
    public void close() {
        if (answers != null) {
            answers.close();
        }
        in.close();
        out.close();
    }
}
