package org.tokend.benchmarks.piece;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.rpc.AheadSessions;
import org.tokend.pkcs11.rpc.Deadlines;
import org.tokend.pkcs11.rpc.RpcConnection;
import org.tokend.pkcs11.rpc.RpcCryptoki;
import org.tokend.pkcs11.rpc.RpcServer;
import org.tokend.pkcs11.rpc.Wire;

/** p11-kit's protocol between daemon and module host, each end by itself: SignInit and Sign in one write, and both replies. */
@State(Scope.Thread)
public class RpcCodec {
    private static final int SIGNATURES = 100;

    private final RecordedHost recorded = RecordedHost.record();
    private final Cryptoki module = RecordedHost.module();
    private Cryptoki calling = module;

    @Setup
    public void open() throws CryptokiException {
        RpcConnection rpc =
                RpcConnection.open(new AnsweringWire(recorded), Deadlines.DEFAULT, new ReentrantLock(), loss -> {});
        calling = new RpcCryptoki(rpc, () -> {});
    }

    @Benchmark
    public byte[] callingEnd() throws CryptokiException {
        return RecordedHost.sign(calling);
    }

    /** With the opening of the connection, which is a hundredth of it. */
    @Benchmark
    @OperationsPerInvocation(SIGNATURES)
    public void servingEnd() throws IOException {
        new RpcServer(new AskingWire(recorded, SIGNATURES), module, new ReentrantLock(), new AheadSessions()).serve();
    }

    /** Answers what is written with what was recorded. */
    private static final class AnsweringWire implements Wire {
        private static final ValueLayout.OfInt CODE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

        private final MemorySegment opened;
        private final MemorySegment reply;
        private final long second;
        private boolean open;
        private int code;

        AnsweringWire(RecordedHost recorded) {
            this.opened = MemorySegment.ofArray(recorded.opened());
            this.reply = MemorySegment.ofArray(recorded.reply());
            this.second = 12 + reply.get(CODE, 4) + reply.get(CODE, 8);
        }

        @Override
        public long read(MemorySegment into) {
            if (!open) {
                open = true;
                into.asSlice(0, opened.byteSize()).copyFrom(opened);
                return opened.byteSize();
            }
            reply.set(CODE, 0, code);
            reply.set(CODE, second, code + 1);
            into.asSlice(0, reply.byteSize()).copyFrom(reply);
            return reply.byteSize();
        }

        @Override
        public void write(MemorySegment from) {
            code = from.byteSize() < Integer.BYTES ? 0 : from.get(CODE, 0);
        }

        @Override
        public void timeout(long millis) {}

        @Override
        public void close() {}
    }

    /** Asks as was recorded, again and again, and does not look at the answers. */
    private static final class AskingWire implements Wire {
        private final RecordedHost recorded;
        private int left;
        private boolean open;

        AskingWire(RecordedHost recorded, int times) {
            this.recorded = recorded;
            this.left = times;
        }

        @Override
        public long read(MemorySegment into) {
            if (open && left-- == 0) {
                return -1;
            }
            byte[] bytes = open ? recorded.request() : recorded.opening();
            open = true;
            into.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            return bytes.length;
        }

        @Override
        public void write(MemorySegment from) {}

        @Override
        public void timeout(long millis) {}

        @Override
        public void close() {}
    }
}
