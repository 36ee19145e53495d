package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * Serves one connection: bytes come in, the module is called, bytes go out, one call after the other on the calling thread. A
 * message that cannot be read is answered with an error and the connection goes on, as long as it is known where the next
 * frame begins.
 */
public final class RpcServer {
    /** What a client says in C_Initialize. */
    static final byte[] HANDSHAKE = "PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1".getBytes(StandardCharsets.US_ASCII);

    private static final Map<Call, Handler> HANDLERS = Handler.table();

    private final Wire wire;
    private final Cryptoki cryptoki;
    private final Lock turn;
    private final HeldOutputs held = new HeldOutputs();
    private boolean initialised;

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
            MechanismCodec mechanisms = new MechanismCodec(Dialect.ofVersion(version));
            FrameReader.Frame frame;
            while ((frame = in.read(wire::read)) != null) {
                Call call = answer(frame, out, mechanisms);
                in.wipe();
                if (call == null || !call.begins(Call.ofId(in.nextCallId()))) {
                    wire.write(out.written());
                    out.wipe();
                }
            }
        } catch (WireFormatException e) {
            throw new EOFException(e.getMessage());
        } finally {
            held.clear();
        }
    }

    private void writeByte(int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            wire.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) value));
        }
    }

    /** Writes the whole reply frame. @return the call, or null when it is not known which one was meant */
    private @Nullable Call answer(FrameReader.Frame frame, MessageWriter out, MechanismCodec mechanisms)
            throws WireFormatException {
        out.startFrame(frame.code(), "");
        Call call = null;
        try {
            call = startCall(frame.body());
            handle(new Exchange(call, cryptoki, frame.body(), out, mechanisms, held));
        } catch (CryptokiException e) {
            writeError(out, e.returnValue());
        } catch (WireFormatException e) {
            writeError(out, e.returnValue());
        } catch (RuntimeException e) {
            // A defect of ours or of the wrapper: it costs this call, not the connection and all who use it.
            writeError(out, CKR.GENERAL_ERROR);
        }
        out.endFrame();
        return call;
    }

    private static Call startCall(MessageReader in) throws WireFormatException {
        Call call = Call.ofId(in.u32());
        byte[] signature = in.bytes();
        if (call == null
                || signature == null
                || !Arrays.equals(signature, call.request().getBytes(StandardCharsets.US_ASCII))) {
            throw new WireFormatException("an unknown call, or one with another signature than its own");
        }
        return call;
    }

    private void handle(Exchange x) throws CryptokiException, WireFormatException {
        switch (x.call()) {
            case INITIALIZE -> initialise(x);
            case FINALIZE -> {
                requireInitialised(x);
                initialised = false;
                held.clear();
                x.reply();
            }
            default -> {
                requireInitialised(x);
                Handler handler = HANDLERS.get(x.call());
                if (handler == null) {
                    throw x.failure(CKR.FUNCTION_NOT_SUPPORTED);
                }
                turn.lock();
                try {
                    handler.handle(x);
                } finally {
                    turn.unlock();
                }
            }
        }
    }

    private void requireInitialised(Exchange x) throws CryptokiException {
        if (!initialised) {
            throw x.failure(CKR.CRYPTOKI_NOT_INITIALIZED);
        }
    }

    /** The module is initialised already; what the client hands on for it (pReserved) is read and has no effect. */
    private void initialise(Exchange x) throws CryptokiException, WireFormatException {
        byte[] handshake = x.in().array();
        x.in().flag();
        x.in().array();
        if (!Arrays.equals(handshake, HANDSHAKE)) {
            throw x.failure(CKR.GENERAL_ERROR);
        }
        initialised = true;
        x.reply();
    }

    private static void writeError(MessageWriter out, long returnValue) throws WireFormatException {
        out.restartBody();
        out.startBody(Call.ERROR_ID, Call.ERROR_SIGNATURE);
        out.u64(returnValue == CKR.OK ? CKR.GENERAL_ERROR : returnValue);
    }
}
