package org.tokend.benchmarks.piece;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.ReentrantLock;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.linux.SocketPair;
import org.tokend.pkcs11.rpc.AheadSessions;
import org.tokend.pkcs11.rpc.Deadlines;
import org.tokend.pkcs11.rpc.RpcConnection;
import org.tokend.pkcs11.rpc.RpcCryptoki;
import org.tokend.pkcs11.rpc.RpcServer;
import org.tokend.pkcs11.rpc.SocketWire;
import org.tokend.pkcs11.rpc.Wire;

/**
 * What travels between the daemon and a module host when the connection is opened and when a signature is made, taken down once so
 * that each end can be measured without the other.
 *
 * @param opening from the daemon
 * @param opened its answer
 * @param request SignInit and Sign as they are written together
 * @param reply both answers
 */
record RecordedHost(byte[] opening, byte[] opened, byte[] request, byte[] reply) {
    private static final byte[] SIGNATURE = new byte[64];

    /** A module that signs at once. */
    static Cryptoki module() {
        return (Cryptoki) Proxy.newProxyInstance(
                Cryptoki.class.getClassLoader(),
                new Class<?>[] {Cryptoki.class},
                (proxy, method, arguments) -> method.getName().equals("outputBound")
                        ? java.util.OptionalInt.empty()
                        : method.getReturnType() == byte[].class ? SIGNATURE : null);
    }

    static byte[] sign(Cryptoki cryptoki) throws CryptokiException {
        return cryptoki.signOnce(1, Mechanism.of(CKM.ECDSA), 2, new byte[32]);
    }

    static RecordedHost record() {
        try (SocketPair pair = SocketPair.open()) {
            Thread host = Thread.ofPlatform().start(() -> serve(new SocketWire(pair.there())));
            Tape tape = new Tape(new SocketWire(pair.here()));
            RpcConnection rpc = RpcConnection.open(tape, Deadlines.DEFAULT, new ReentrantLock(), loss -> {});
            byte[] opening = tape.sent.toByteArray();
            byte[] opened = tape.received.toByteArray();
            tape.sent.reset();
            tape.received.reset();
            sign(new RpcCryptoki(rpc, () -> {}));
            pair.here().shutdown();
            host.join();
            return new RecordedHost(opening, opened, tape.sent.toByteArray(), tape.received.toByteArray());
        } catch (IOException | CryptokiException e) {
            throw new IllegalStateException("the conversation cannot be recorded", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void serve(Wire wire) {
        try {
            new RpcServer(wire, module(), new ReentrantLock(), new AheadSessions()).serve();
        } catch (IOException e) {
            throw new IllegalStateException("the recorded host failed", e);
        }
    }

    /** Passes on and takes down. */
    private record Tape(Wire wire, ByteArrayOutputStream sent, ByteArrayOutputStream received) implements Wire {
        Tape(Wire wire) {
            this(wire, new ByteArrayOutputStream(), new ByteArrayOutputStream());
        }

        @Override
        public long read(MemorySegment into) throws IOException {
            long count = wire.read(into);
            if (count > 0) {
                received.writeBytes(into.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
            }
            return count;
        }

        @Override
        public void write(MemorySegment from) throws IOException {
            sent.writeBytes(from.toArray(ValueLayout.JAVA_BYTE));
            wire.write(from);
        }

        @Override
        public void timeout(long millis) throws IOException {
            wire.timeout(millis);
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
