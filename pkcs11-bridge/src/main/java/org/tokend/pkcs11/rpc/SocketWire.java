package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.tokend.pkcs11.linux.Descriptor;

/** A {@link Wire} over a socket of the kernel. */
public record SocketWire(Descriptor descriptor) implements Wire {
    @Override
    public long read(MemorySegment into) throws IOException {
        return descriptor.read(into);
    }

    @Override
    public long readNow(MemorySegment into) throws IOException {
        return descriptor.readNow(into);
    }

    @Override
    public boolean hasInput() {
        return descriptor.hasInput();
    }

    @Override
    public void write(MemorySegment from) throws IOException {
        descriptor.write(from);
    }

    @Override
    public void timeout(long millis) throws IOException {
        descriptor.timeout(millis);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
