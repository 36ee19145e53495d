package org.tokend.pkcs11.rpc;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Delivers prepared bytes, at most so many at once, and keeps what is written. */
final class ScriptedWire implements Wire {
    private final byte[] input;
    private final int chunk;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int position;
    private int writes;

    ScriptedWire(byte[] input, int chunk) {
        this.input = input;
        this.chunk = chunk;
    }

    @Override
    public long read(MemorySegment into) {
        int count = (int) Math.min(Math.min(chunk, input.length - position), into.byteSize());
        if (count == 0) {
            return -1;
        }
        MemorySegment.copy(input, position, into, ValueLayout.JAVA_BYTE, 0, count);
        position += count;
        return count;
    }

    @Override
    public void write(MemorySegment from) {
        output.writeBytes(from.toArray(ValueLayout.JAVA_BYTE));
        writes++;
    }

    @Override
    public void timeout(long millis) {}

    byte[] written() {
        return output.toByteArray();
    }

    int writes() {
        return writes;
    }

    @Override
    public void close() {}
}
