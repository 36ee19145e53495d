package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The host's end of one connection, which has a socket of its own and shares another: what came by the one is answered by it. */
final class SeatWire implements Wire {
    private final Wire own;
    private final SharedReplies shared;
    private final int connection;
    private final SharedInput input = new SharedInput();
    private boolean together;

    SeatWire(Wire own, SharedReplies shared, int connection) {
        this.own = own;
        this.shared = shared;
        this.connection = connection;
    }

    /** Something has come over the shared socket; whole frames, so that nothing has to be waited for. On any thread. */
    void arrived(MemorySegment bytes) throws IOException {
        input.expect();
        input.put(bytes);
    }

    @Override
    public long read(MemorySegment into) throws IOException {
        long count = readNow(into);
        return count == 0 ? own.read(into) : count;
    }

    @Override
    public long readNow(MemorySegment into) throws IOException {
        together = input.isReady();
        return together ? input.takeNow(into) : own.readNow(into);
    }

    @Override
    public boolean hasInput() {
        return input.isReady() || own.hasInput();
    }

    @Override
    public void write(MemorySegment from) throws IOException {
        if (together) {
            shared.add(connection, from);
        } else {
            own.write(from);
        }
    }

    @Override
    public void flush() throws IOException {
        if (together) {
            shared.flush();
        }
    }

    @Override
    public void timeout(long millis) throws IOException {
        own.timeout(millis);
    }

    @Override
    public void close() {
        own.close();
    }
}
