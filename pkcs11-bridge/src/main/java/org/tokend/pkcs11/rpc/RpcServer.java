package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.Lock;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/**
 * Serves one connection: bytes come in, the module is called, bytes go out, one call after the other on the calling thread. A
 * message that cannot be read is answered with an error and the connection goes on, as long as it is known where the next
 * frame begins.
 */
public final class RpcServer {
    private final Wire wire;
    private final Cryptoki cryptoki;
    private final Lock turn;

    /** Does what otherwise the first connection would wait for. */
    public static void warmUp() {
        try (FrameReader in = new FrameReader();
                MessageWriter out = new MessageWriter()) {
            out.wipe();
            in.wipe();
        }
    }

    /** @param turn held during each call; shared by all connections to a module that takes one call at a time */
    public RpcServer(Wire wire, Cryptoki cryptoki, Lock turn) {
        this.wire = wire;
        this.cryptoki = cryptoki;
        this.turn = turn;
    }

    /**
     * Returns when the client has closed the connection.
     *
     * @throws IOException when it broke inside a frame, or a frame was over the bounds
     */
    public void serve() throws IOException {
        try (FrameReader in = new FrameReader();
                MessageWriter out = new MessageWriter()) {
            int offered = in.readByte(wire::read);
            if (offered < 0) {
                return;
            }
            // Answering less than was offered would make later clients speak another dialect than they do today.
            int version = Math.min(offered, Dialect.NEWEST_VERSION);
            writeByte(version);
            answerAll(in, out, new Answers(cryptoki, Client.ours(version), turn, defect -> {}));
        } catch (WireFormatException e) {
            throw new EOFException(e.getMessage());
        }
    }

    private void answerAll(FrameReader in, MessageWriter out, Answers answers) throws IOException, WireFormatException {
        try {
            FrameReader.Frame frame;
            while ((frame = in.read(wire::read)) != null) {
                Call call = answers.answer(frame.code(), frame.body(), out);
                in.wipe();
                if (call == null || !call.begins(Call.ofId(in.nextCallId()))) {
                    wire.write(out.written());
                    out.wipe();
                }
            }
        } finally {
            answers.close();
        }
    }

    private void writeByte(int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            wire.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) value));
        }
    }
}
