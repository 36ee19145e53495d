package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes frames, one behind the other, into off-heap memory. All integers are big-endian. */
final class MessageWriter implements AutoCloseable {
    static final int NULL_ARRAY = 0xffff_ffff;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int BODY_LENGTH_OFFSET = 8;

    private final WireBuffer buffer;
    private long position;
    private long frameStart;
    private long bodyStart;
    private long highest;

    MessageWriter() {
        this(LargeFrames.unbounded());
    }

    MessageWriter(LargeFrames large) {
        buffer = new WireBuffer(large);
    }

    /** A frame's header: correlation number, options and (filled in by {@link #endFrame}) the length of the body. */
    void startFrame(int code, String options) throws WireFormatException {
        frameStart = position;
        u32(code).u32(options.length()).u32(0);
        raw(options.getBytes(StandardCharsets.US_ASCII));
        bodyStart = position;
    }

    void startBody(int callId, String signature) throws WireFormatException {
        u32(callId).bytes(signature.getBytes(StandardCharsets.US_ASCII));
    }

    void endFrame() {
        buffer.memory().set(INT, frameStart + BODY_LENGTH_OFFSET, (int) (position - bodyStart));
    }

    /** Of the frame that was written last. */
    int callId() {
        return buffer.memory().get(INT, bodyStart);
    }

    /** Forgets the body of the frame that was started last. */
    void restartBody() {
        highest = Math.max(highest, position);
        position = bodyStart;
    }

    /** Forgets the whole frame that was started last. */
    void dropFrame() {
        highest = Math.max(highest, position);
        position = frameStart;
    }

    boolean isEmpty() {
        return position == 0;
    }

    long length() {
        return position;
    }

    /** What has been written and not yet wiped. */
    MemorySegment written() {
        return buffer.memory().asSlice(0, position);
    }

    /** To be called as soon as the frames are sent: there may have been a PIN in them. */
    void wipe() {
        buffer.wipe(Math.max(highest, position));
        position = 0;
        frameStart = 0;
        highest = 0;
    }

    MessageWriter u8(int value) throws WireFormatException {
        reserve(1);
        buffer.memory().set(BYTE, position++, (byte) value);
        return this;
    }

    MessageWriter u32(int value) throws WireFormatException {
        reserve(Integer.BYTES);
        buffer.memory().set(INT, position, value);
        position += Integer.BYTES;
        return this;
    }

    MessageWriter u64(long value) throws WireFormatException {
        reserve(Long.BYTES);
        buffer.memory().set(LONG, position, value);
        position += Long.BYTES;
        return this;
    }

    /** Length and bytes. */
    MessageWriter bytes(byte[] value) throws WireFormatException {
        return u32(value.length).raw(value);
    }

    MessageWriter nullBytes() throws WireFormatException {
        return u32(NULL_ARRAY);
    }

    /** {@code ay}: an argument or a result. */
    MessageWriter array(byte[] value) throws WireFormatException {
        return u8(1).bytes(value);
    }

    /** {@code ay}: how long the result is, without it. */
    MessageWriter arrayLength(int length) throws WireFormatException {
        return u8(0).u32(length);
    }

    /** {@code ay}: a secret, copied from off-heap memory to off-heap memory; null is a NULL pointer. */
    MessageWriter secret(@Nullable MemorySegment value) throws WireFormatException {
        if (value == null) {
            return u8(1).nullBytes();
        }
        int length = Math.toIntExact(value.byteSize());
        u8(1).u32(length);
        reserve(length);
        MemorySegment.copy(value, 0, buffer.memory(), position, length);
        position += length;
        return this;
    }

    /** {@code au} with its values. */
    MessageWriter numbers(long[] values) throws WireFormatException {
        u8(1).u32(values.length);
        for (long value : values) {
            u64(value);
        }
        return this;
    }

    /** {@code s}: blank-padded to exactly {@code width} bytes, never cut inside a character. */
    MessageWriter text(String value, int width) throws WireFormatException {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, width);
        while (length > 0 && length < utf8.length && (utf8[length] & 0xc0) == 0x80) {
            length--;
        }
        byte[] padded = new byte[width];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(utf8, 0, padded, 0, length);
        return bytes(padded);
    }

    MessageWriter raw(byte[] value) throws WireFormatException {
        reserve(value.length);
        MemorySegment.copy(value, 0, buffer.memory(), BYTE, position, value.length);
        position += value.length;
        return this;
    }

    private void reserve(long length) throws WireFormatException {
        buffer.ensure(position + length, Math.max(highest, position));
    }

    @Override
    public void close() {
        buffer.close();
    }
}
