package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;

/**
 * Where a call is worked on when its frame cannot stay where it was read: a frame of its own and the reply. Off the heap and
 * locked, since there may be a PIN in it; wiped before it is used again.
 */
final class Station implements AutoCloseable {
    private final WireBuffer frame;
    private final MessageWriter out;
    private long length;
    private int code;

    Station(LargeFrames large) {
        frame = new WireBuffer(large);
        out = new MessageWriter(large);
    }

    /** Copies a frame out of the buffer of the reader. */
    void take(FrameReader.Frame read) throws WireFormatException {
        MemorySegment bytes = read.body().rest();
        frame.ensure(bytes.byteSize(), 0);
        MemorySegment.copy(bytes, 0, frame.memory(), 0, bytes.byteSize());
        length = bytes.byteSize();
        code = read.code();
    }

    long length() {
        return length;
    }

    int code() {
        return code;
    }

    MessageReader body() {
        return new MessageReader(frame.memory(), 0, length);
    }

    MessageWriter out() {
        return out;
    }

    void wipeFrame() {
        frame.wipe(length);
        length = 0;
    }

    void wipe() {
        wipeFrame();
        out.wipe();
    }

    @Override
    public void close() {
        frame.close();
        out.close();
    }
}
