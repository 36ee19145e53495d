package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * The calling end of one connection: frames go out, their replies come in. A reply that is not exactly what the protocol
 * asks for counts as the loss of the connection: nothing that comes after it could be believed.
 */
public final class RpcConnection implements AutoCloseable {
    private static final String OPTIONS = "tokend";
    private static final int FIRST_CODE = 0x10;
    private static final int LAST_CODE = 0x7fff_0000;

    interface Arguments {
        void write(MessageWriter out) throws WireFormatException;
    }

    /** One call, to be sent together with others. */
    record Step(Call call, Arguments arguments) {}

    interface Result<T> {
        T read(MessageReader in) throws WireFormatException;
    }

    private final Wire wire;
    private final Deadlines deadlines;
    private final Consumer<ConnectionLostException> onLoss;
    private final MessageWriter out = new MessageWriter();
    private final FrameReader in = new FrameReader();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Lock turn;
    private final MechanismCodec mechanisms;
    private int code = FIRST_CODE;
    private boolean lost;
    private long limitMillis;
    private long limitStart;

    private RpcConnection(
            Wire wire, int version, Deadlines deadlines, Lock turn, Consumer<ConnectionLostException> onLoss)
            throws CryptokiException {
        this.wire = wire;
        this.deadlines = deadlines;
        this.turn = turn;
        this.onLoss = onLoss;
        try {
            this.mechanisms = agree(version);
            call(
                    Call.INITIALIZE,
                    args -> args.array(Answers.HANDSHAKE).u8(0).array(new byte[1]),
                    none -> Call.INITIALIZE);
        } catch (CryptokiException e) {
            close();
            throw e;
        }
    }

    /**
     * Begins the conversation.
     *
     * @param turn held during each call. Connections to a module that takes one call at a time share it, so that the
     *     deadline of a call begins when its turn comes
     * @param onLoss told once when the other end is lost, on the thread that found out
     */
    public static RpcConnection open(
            Wire wire, Deadlines deadlines, Lock turn, Consumer<ConnectionLostException> onLoss)
            throws CryptokiException {
        return new RpcConnection(wire, Dialect.NEWEST_VERSION, deadlines, turn, onLoss);
    }

    /** As a client that knows no newer version than this one. */
    static RpcConnection openAsVersion(int version, Wire wire) throws CryptokiException {
        return new RpcConnection(wire, version, Deadlines.DEFAULT, new ReentrantLock(), loss -> {});
    }

    MechanismCodec mechanisms() {
        return mechanisms;
    }

    private MechanismCodec agree(int offered) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            limit(CallClass.ORDINARY);
            wire.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) offered));
            int version = in.readByte(this::readInTime);
            if (version < 0 || version > offered) {
                throw new EOFException("no version that we could speak");
            }
            return new MechanismCodec(Dialect.ofVersion(version));
        } catch (IOException | WireFormatException e) {
            throw loss(Call.INITIALIZE, e);
        }
    }

    <T> T call(Call call, Arguments arguments, Result<T> result) throws CryptokiException {
        return call(call, CallClass.ORDINARY, arguments, result);
    }

    <T> T call(Call call, CallClass kind, Arguments arguments, Result<T> result) throws CryptokiException {
        turn.lock();
        try {
            number();
            prepare(call, arguments);
            send(call, kind, false);
            return receive(call, code - 1, result);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Up to three calls in one write. The first one's failure is the one that counts; the last one's reply is read all the same.
     *
     * @param afterwards carried out when the last one has been answered well; how it ends is not told
     */
    <T> T call(@Nullable Step afterwards, @Nullable Step first, Step last, Result<T> result) throws CryptokiException {
        turn.lock();
        try {
            number();
            if (afterwards != null) {
                prepare(RpcServer.AFTERWARDS, afterwards.call(), afterwards.arguments());
            }
            if (first != null) {
                prepare(first.call(), first.arguments());
            }
            prepare(last.call(), last.arguments());
            // Who has a call carried out afterwards is alone.
            boolean together = last.call() == Call.SIGN && afterwards == null;
            send(first == null ? last.call() : first.call(), CallClass.ORDINARY, together);
            return first == null
                    ? receive(last.call(), code - 1, result)
                    : receiveBoth(first.call(), last.call(), result);
        } finally {
            turn.unlock();
        }
    }

    private <T> T receiveBoth(Call first, Call second, Result<T> result) throws CryptokiException {
        int firstCode = code - 2;
        int secondCode = code - 1;
        try {
            receive(first, firstCode, none -> first);
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            try {
                receive(second, secondCode, result);
            } catch (ConnectionLostException alsoLost) {
                throw alsoLost;
            } catch (CryptokiException followsFromTheFirst) {
                e.addSuppressed(followsFromTheFirst);
            }
            throw e;
        }
        return receive(second, secondCode, result);
    }

    /** Numbers below the first have meanings of their own. */
    private void number() {
        if (code > LAST_CODE) {
            code = FIRST_CODE;
        }
    }

    private void prepare(Call call, Arguments arguments) throws CryptokiException {
        prepare(code++, call, arguments);
    }

    private void prepare(int code, Call call, Arguments arguments) throws CryptokiException {
        if (lost || closed.get()) {
            throw new ConnectionLostException(call.function(), false);
        }
        try {
            out.startFrame(code, OPTIONS);
            out.startBody(call.id(), call.request());
            arguments.write(out);
            out.endFrame();
        } catch (WireFormatException e) {
            // Nothing has been sent. What stands in the buffer may be half a secret.
            out.wipe();
            throw new CryptokiException(
                    call.function(), e.returnValue(), call.function() + " was not sent: " + e.getMessage());
        }
    }

    private void send(Call call, CallClass kind, boolean together) throws CryptokiException {
        try {
            limit(kind);
            if (together) {
                wire.writeTogether(out.written());
            } else {
                wire.write(out.written());
            }
        } catch (IOException e) {
            throw loss(call, e);
        } finally {
            out.wipe();
        }
    }

    private <T> T receive(Call call, int expectedCode, Result<T> result) throws CryptokiException {
        long returnValue;
        try {
            FrameReader.Frame frame = in.read(this::readInTime);
            if (frame == null) {
                throw new EOFException("the other end closed the connection");
            }
            MessageReader body = frame.body();
            if (frame.code() != expectedCode) {
                throw new WireFormatException("a reply to another call");
            }
            int id = body.u32();
            requireSignature(body, id == Call.ERROR_ID ? Call.ERROR_SIGNATURE : call.reply());
            if (id == call.id()) {
                T value = result.read(body);
                body.end();
                return value;
            }
            if (id != Call.ERROR_ID) {
                throw new WireFormatException("a reply to call " + id);
            }
            returnValue = body.u64();
            body.end();
            if (returnValue == CKR.OK) {
                throw new WireFormatException("an error that says CKR_OK");
            }
        } catch (IOException | WireFormatException e) {
            throw loss(call, e);
        } finally {
            in.wipe();
        }
        throw new CryptokiException(call.function(), returnValue);
    }

    private void limit(CallClass kind) throws IOException {
        limitMillis = deadlines.millis(kind);
        limitStart = System.nanoTime();
        wire.timeout(limitMillis);
    }

    /** Each read waits for the deadline anew; an end that sends byte by byte gets no more than twice of it in all. */
    private long readInTime(MemorySegment into) throws IOException {
        if (limitMillis > 0 && System.nanoTime() - limitStart > limitMillis * 1_000_000) {
            throw new SocketTimeoutException("the reply comes too slowly");
        }
        return wire.read(into);
    }

    private static void requireSignature(MessageReader body, String expected) throws WireFormatException {
        byte[] signature = body.bytes();
        if (signature == null || !Arrays.equals(signature, expected.getBytes(StandardCharsets.US_ASCII))) {
            throw new WireFormatException("a reply whose signature is not " + expected);
        }
    }

    private ConnectionLostException loss(Call call, Exception cause) {
        ConnectionLostException loss =
                new ConnectionLostException(call.function(), cause instanceof SocketTimeoutException);
        loss.initCause(cause);
        lost = true;
        onLoss.accept(loss);
        return loss;
    }

    /** Only when no thread is inside a call. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            wire.close();
            out.close();
            in.close();
        }
    }
}
