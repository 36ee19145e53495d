package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The daemon's end of one connection, which has a socket of its own and shares another: a reply comes by the one that its request went by. */
public final class CrowdWire implements Wire {
    private final Wire own;
    private final SharedSocket shared;
    private final int connection;
    private final SharedInput input;
    private boolean together;
    private long millis;

    public CrowdWire(Wire own, SharedSocket shared, int connection) {
        this.own = own;
        this.shared = shared;
        this.connection = connection;
        this.input = shared.input(connection);
    }

    @Override
    public long read(MemorySegment into) throws IOException {
        return together ? input.take(into, millis) : own.read(into);
    }

    @Override
    public long readNow(MemorySegment into) throws IOException {
        return together ? input.takeNow(into) : own.readNow(into);
    }

    @Override
    public boolean hasInput() {
        return together ? input.isReady() : own.hasInput();
    }

    @Override
    public void write(MemorySegment from) throws IOException {
        together = false;
        own.write(from);
    }

    @Override
    public void writeTogether(MemorySegment from) throws IOException {
        together = shared.isWorthwhile(from.byteSize());
        if (together) {
            shared.write(connection, from);
        } else {
            own.write(from);
        }
    }

    @Override
    public void timeout(long millis) throws IOException {
        this.millis = millis;
        own.timeout(millis);
    }

    @Override
    public boolean writable() {
        return own.writable();
    }

    @Override
    public void close() {
        own.close();
    }
}
