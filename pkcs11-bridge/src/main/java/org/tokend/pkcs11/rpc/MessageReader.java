package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one message. Nothing is allocated before the bytes that fill it are known to be there.
 */
final class MessageReader {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private final long limit;
    private long position;

    MessageReader(MemorySegment memory, long position, long limit) {
        this.memory = memory;
        this.position = position;
        this.limit = limit;
    }

    long remaining() {
        return limit - position;
    }

    long position() {
        return position;
    }

    void position(long earlier) {
        position = earlier;
    }

    void skip(long length) throws WireFormatException {
        need(length);
        position += length;
    }

    /** What has been read since an earlier position. */
    byte[] copySince(long earlier) {
        long end = position;
        position = earlier;
        byte[] copy = copy(Math.toIntExact(end - earlier));
        position = end;
        return copy;
    }

    /** All that is left to be read, as it stands in the buffer. */
    MemorySegment rest() {
        return memory.asSlice(position, limit - position);
    }

    private void need(long length) throws WireFormatException {
        if (length > remaining()) {
            throw new WireFormatException(length + " bytes announced where " + remaining() + " are left");
        }
    }

    int u8() throws WireFormatException {
        need(1);
        return memory.get(BYTE, position++) & 0xff;
    }

    int u32() throws WireFormatException {
        need(Integer.BYTES);
        int value = memory.get(INT, position);
        position += Integer.BYTES;
        return value;
    }

    long u64() throws WireFormatException {
        need(Long.BYTES);
        long value = memory.get(LONG, position);
        position += Long.BYTES;
        return value;
    }

    /** A {@code CK_BBOOL}. */
    boolean flag() throws WireFormatException {
        return u8() != 0;
    }

    /** A count of things that take at least {@code size} bytes each. */
    int count(long size, int bound) throws WireFormatException {
        int count = u32();
        if (count < 0 || count > bound) {
            throw new WireFormatException("a list of " + Integer.toUnsignedString(count) + " entries");
        }
        need(count * size);
        return count;
    }

    /** Length and bytes; null for a NULL pointer. */
    byte @Nullable [] bytes() throws WireFormatException {
        int length = length();
        return length < 0 ? null : copy(length);
    }

    private byte[] copy(int length) {
        byte[] value = new byte[length];
        MemorySegment.copy(memory, BYTE, position, value, 0, length);
        position += length;
        return value;
    }

    /** -1 for a NULL pointer. */
    private int length() throws WireFormatException {
        int length = u32();
        if (length == MessageWriter.NULL_ARRAY) {
            return -1;
        }
        if (length < 0 || length == Integer.MAX_VALUE) {
            throw new WireFormatException("a byte array of " + Integer.toUnsignedString(length) + " bytes");
        }
        need(length);
        return length;
    }

    /**
     * {@code ay} in a request; null for a NULL pointer, which clients up to 0.24.1 write as "no data" and later ones as a
     * NULL byte array.
     */
    byte @Nullable [] array() throws WireFormatException {
        return present() ? bytes() : null;
    }

    /** {@code ay} in a request where NULL with length 0 is as good as no bytes. */
    byte[] data() throws WireFormatException {
        byte[] value = array();
        return value == null ? new byte[0] : value;
    }

    /** {@code ay} that holds a secret: a view of the buffer, no copy; gone when the buffer is wiped. */
    @Nullable
    MemorySegment secret() throws WireFormatException {
        if (!present()) {
            return null;
        }
        int length = length();
        if (length < 0) {
            return null;
        }
        MemorySegment view = memory.asSlice(position, length);
        position += length;
        return view;
    }

    private boolean present() throws WireFormatException {
        int flag = u8();
        if (flag > 1) {
            throw new WireFormatException("a presence byte of " + flag);
        }
        if (flag == 0) {
            u32();
        }
        return flag == 1;
    }

    /** {@code ay} in a reply: the result, or only its length. */
    Output output() throws WireFormatException {
        int flag = u8();
        if (flag == 0) {
            return new Output(null, u32());
        }
        if (flag > 1) {
            throw new WireFormatException("a presence byte of " + flag);
        }
        byte[] value = bytes();
        return value == null ? new Output(new byte[0], 0) : new Output(value, value.length);
    }

    /** @param value null when the buffer that was offered is too small for {@code length} bytes */
    record Output(byte @Nullable [] value, int length) {}

    /** {@code au} in a reply; null when there are more than were asked for, then {@code count} tells how many. */
    Numbers numbers(int bound) throws WireFormatException {
        int flag = u8();
        if (flag == 0) {
            return new Numbers(null, u32());
        }
        int count = count(Long.BYTES, bound);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = u64();
        }
        return new Numbers(values, count);
    }

    record Numbers(long @Nullable [] values, int count) {}

    /** {@code s}: a text of exactly {@code width} bytes, given without its padding of blanks and NUL. */
    String text(int width) throws WireFormatException {
        byte[] padded = bytes();
        if (padded == null || padded.length != width) {
            throw new WireFormatException("a text that is not " + width + " bytes long");
        }
        return trimmed(padded);
    }

    static String trimmed(byte[] padded) {
        int length = padded.length;
        while (length > 0 && (padded[length - 1] == ' ' || padded[length - 1] == 0)) {
            length--;
        }
        return new String(padded, 0, length, StandardCharsets.UTF_8);
    }

    /** The rest must be empty: our own ends send nothing behind the last argument. */
    void end() throws WireFormatException {
        if (remaining() != 0) {
            throw new WireFormatException(remaining() + " bytes behind the last argument");
        }
    }
}
