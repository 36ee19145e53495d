package org.tokend.pkcs11.rpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.SignInit;

/**
 * The serving end of one connection without its bytes' ways: a message comes in, the function is called, the reply goes out.
 * Several threads may come at once if the {@link Cryptoki} allows it; calls of one session one after the other.
 */
final class Answers implements AutoCloseable {
    /** What a client says in C_Initialize. */
    static final byte[] HANDSHAKE = "PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1".getBytes(StandardCharsets.US_ASCII);

    private static final Map<Call, Handler> HANDLERS = Handler.table();

    private final Cryptoki cryptoki;
    private final Client client;
    private final @Nullable Lock turn;
    private final Consumer<Throwable> defects;
    private final HeldOutputs held = new HeldOutputs();
    private volatile boolean initialised;

    /**
     * @param turn held during each call; null where none is needed
     * @param defects told what should never be thrown; it costs the call, not the connection and all who use it
     */
    Answers(Cryptoki cryptoki, Client client, @Nullable Lock turn, Consumer<Throwable> defects) {
        this.cryptoki = cryptoki;
        this.client = client;
        this.turn = turn;
        this.defects = defects;
    }

    boolean initialised() {
        return initialised;
    }

    /** A C_SignInit whose turn comes later. */
    record Afterwards(long session, SignInit init) {}

    /** Reads what is not to be carried out yet. */
    Afterwards afterwards(MessageReader body) throws WireFormatException {
        if (startCall(body) == Call.SIGN_INIT) {
            long session = body.u64();
            Mechanism mechanism = client.mechanisms().read(body, Long.BYTES);
            if (mechanism != null) {
                return new Afterwards(session, new SignInit(mechanism, body.u64()));
            }
        }
        throw new WireFormatException("only a C_SignInit can be left for afterwards");
    }

    /** Whether it could be done tells the session's next C_Sign. */
    void carryOut(Afterwards afterwards) {
        lock();
        try {
            SignInit init = afterwards.init();
            cryptoki.signInit(afterwards.session(), init.mechanism(), init.key());
        } catch (CryptokiException e) {
            // See above.
        } catch (RuntimeException | Error e) {
            defects.accept(e);
        } finally {
            unlock();
        }
    }

    /** Writes the whole reply frame. @return the call, or null when it is not known which one was meant */
    @Nullable
    Call answer(int code, MessageReader body, MessageWriter out) throws WireFormatException {
        out.startFrame(code, "");
        Call call = null;
        try {
            call = startCall(body);
            handle(new Exchange(call, cryptoki, body, out, client, held));
        } catch (CryptokiException e) {
            writeError(out, e.returnValue());
        } catch (WireFormatException e) {
            writeError(out, e.returnValue());
        } catch (RuntimeException | Error e) {
            defects.accept(e);
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
                cryptoki.finish();
                x.reply();
            }
            default -> {
                requireInitialised(x);
                Handler handler = HANDLERS.get(x.call());
                if (handler == null) {
                    throw x.failure(CKR.FUNCTION_NOT_SUPPORTED);
                }
                handleInTurn(handler, x);
            }
        }
    }

    private void handleInTurn(Handler handler, Exchange x) throws CryptokiException, WireFormatException {
        lock();
        try {
            handler.handle(x);
        } finally {
            unlock();
        }
    }

    private void lock() {
        if (turn != null) {
            turn.lock();
        }
    }

    private void unlock() {
        if (turn != null) {
            turn.unlock();
        }
    }

    private void requireInitialised(Exchange x) throws CryptokiException {
        if (!initialised) {
            throw x.failure(CKR.CRYPTOKI_NOT_INITIALIZED);
        }
    }

    /** What stands behind is there already; what the client hands on for it (pReserved) is read and has no effect. */
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

    /** Forgets outputs that nobody came for. */
    @Override
    public void close() {
        held.clear();
    }
}
