package org.tokend.pkcs11.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames, however it is chunked: correlation number, lengths of options and body, options, body. Reads
 * ahead as far as its buffer goes, so frames that were written together cost one system call.
 */
final class FrameReader implements AutoCloseable {
    static final int HEADER = 12;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Where bytes come from; at least one, or -1 at the end. */
    interface Source {
        long read(MemorySegment into) throws IOException;
    }

    private final WireBuffer buffer;
    private long start;
    private long end;
    private boolean filled;

    /**
     * One frame, valid until the next one is asked for.
     *
     * @param code the correlation number
     */
    record Frame(int code, MessageReader body) {}

    FrameReader() {
        this(LargeFrames.unbounded());
    }

    FrameReader(LargeFrames large) {
        buffer = new WireBuffer(large);
    }

    /** The single byte with which both ends agree on a version. @return -1 at the end of the stream */
    int readByte(Source source) throws IOException, WireFormatException {
        if (!fill(source, 1)) {
            return -1;
        }
        return buffer.memory().get(ValueLayout.JAVA_BYTE, start++) & 0xff;
    }

    /**
     * @return null at the end of the stream between frames
     * @throws WireFormatException when the frame is over the bounds; the stream cannot be used any further
     */
    @Nullable
    Frame read(Source source) throws IOException, WireFormatException {
        if (start == end) {
            clear();
        }
        if (!fill(source, HEADER)) {
            return null;
        }
        long length = frameLength();
        if (!fill(source, length)) {
            throw new EOFException("the stream ended inside a frame");
        }
        MemorySegment memory = buffer.memory();
        int code = memory.get(INT, start);
        long body = start + HEADER + Integer.toUnsignedLong(memory.get(INT, start + 4));
        start += length;
        return new Frame(code, new MessageReader(memory, body, start));
    }

    /** Header included; only when the header is there. */
    private long frameLength() throws WireFormatException {
        MemorySegment memory = buffer.memory();
        long options = Integer.toUnsignedLong(memory.get(INT, start + 4));
        long body = Integer.toUnsignedLong(memory.get(INT, start + 8));
        if (options > WireBounds.OPTIONS || HEADER + options + body > WireBounds.FRAME) {
            throw new WireFormatException("a frame of " + options + " and " + body + " bytes is over the bounds");
        }
        return HEADER + options + body;
    }

    /** The id of the call in the next frame if all of that frame is here already, or 0. */
    int nextCallId() throws WireFormatException {
        if (end - start < HEADER || end - start < frameLength()) {
            return 0;
        }
        long options = Integer.toUnsignedLong(buffer.memory().get(INT, start + 4));
        long body = Integer.toUnsignedLong(buffer.memory().get(INT, start + 8));
        return body < Integer.BYTES ? 0 : buffer.memory().get(INT, start + HEADER + options);
    }

    /** Whether all of the next frame is here already. */
    boolean frameReady() {
        try {
            return nextCallId() != 0;
        } catch (WireFormatException e) {
            return false;
        }
    }

    /** Whether anything has been read that has not been asked for yet. */
    boolean hasMore() {
        return end > start;
    }

    /** Whether the last read took all there was room for, so that there may be more. */
    boolean filled() {
        return filled;
    }

    /** Takes what has arrived, as far as there is room for it; never waits. @return whether there is anything to be read */
    boolean look(Source now) throws IOException {
        if (start == end) {
            clear();
        }
        if (end < buffer.capacity()) {
            end += Math.max(0, now.read(buffer.memory().asSlice(end)));
            filled = end == buffer.capacity();
        }
        return end > start;
    }

    /** Reads until {@code length} bytes are there. @return false when the stream ended before the first of them */
    private boolean fill(Source source, long length) throws IOException, WireFormatException {
        if (start + length > buffer.capacity()) {
            moveToFront();
        }
        while (end - start < length) {
            if (end == buffer.capacity()) {
                // Memory follows what has arrived, not what a header promises.
                buffer.ensure(Math.min(length, Math.max(LargeFrames.SMALL, 2 * end)), end);
            }
            long count = source.read(buffer.memory().asSlice(end));
            if (count < 0) {
                if (end > start) {
                    throw new EOFException("the stream ended inside a frame");
                }
                return false;
            }
            end += count;
            filled = end == buffer.capacity();
        }
        return true;
    }

    private void moveToFront() {
        if (start > 0) {
            long kept = end - start;
            MemorySegment memory = buffer.memory();
            MemorySegment.copy(memory, start, memory, 0, kept);
            memory.asSlice(kept, end - kept).fill((byte) 0);
            start = 0;
            end = kept;
        }
    }

    /** Zeroes the frame that was read last; there may have been a PIN in it. */
    void wipe() {
        if (start == end) {
            clear();
        } else {
            buffer.memory().asSlice(0, start).fill((byte) 0);
        }
    }

    /** Zeroes everything, for another connection. */
    void reset() {
        buffer.wipe(end);
        start = 0;
        end = 0;
    }

    private void clear() {
        if (end > 0) {
            buffer.wipe(end);
            start = 0;
            end = 0;
        }
    }

    @Override
    public void close() {
        buffer.close();
    }
}
