package org.tokend.daemon.front.p11kit;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.tokend.daemon.transport.Connection;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.rpc.Wire;

/** A connection as the bridge reads and writes it: between the kernel and off-heap memory, since there may be a PIN in it. */
final class ConnectionWire implements Wire {
    private final Connection connection;
    private final Descriptor descriptor;

    ConnectionWire(Connection connection) {
        this.connection = connection;
        this.descriptor = new Descriptor(connection.descriptor());
    }

    @Override
    public long read(MemorySegment into) throws IOException {
        connection.idle();
        long count = connection.await(
                () -> descriptor.hasInput() ? descriptor.readNow(into) : 0, () -> descriptor.read(into));
        connection.busy();
        return count;
    }

    @Override
    public long readNow(MemorySegment into) throws IOException {
        return descriptor.readNow(into);
    }

    @Override
    public void write(MemorySegment from) throws IOException {
        descriptor.write(from);
    }

    @Override
    public boolean writable() {
        return connection.isWritable();
    }

    /** Of reading only: a program that is stopped for a while has not gone. */
    @Override
    public void timeout(long millis) {
        descriptor.readTimeout(millis);
    }

    /** The listener closes it. */
    @Override
    public void close() {}
}
