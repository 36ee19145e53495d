package org.tokend.smime.mime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Looks at an array eight octets at a time; most of what travels by mail is plain ASCII in which nothing is found. */
final class OctetWords {

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long RETURNS = '\r' * LOW_BITS;

    private byte @Nullable [] array;
    private ByteBuffer words = ByteBuffer.allocate(0);

    private ByteBuffer over(byte[] bytes) {
        if (array != bytes) {
            array = bytes;
            words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        return words;
    }

    /** @return index of the first such octet from here to before the end, or -1; an ASCII octet */
    int indexOf(byte octet, byte[] bytes, int from, int end) {
        ByteBuffer longs = over(bytes);
        long pattern = octet * LOW_BITS;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long found = zeros(longs.getLong(at) ^ pattern);
            if (found != 0) {
                // A borrow can only mark octets behind the first that is there.
                return at + (Long.numberOfTrailingZeros(found) >> 3);
            }
        }
        for (; at < end; at++) {
            if (bytes[at] == octet) {
                return at;
            }
        }
        return -1;
    }

    /** @return index from which on there may be octets beyond ASCII, NUL or CR, at most seven too early; or the end */
    int plainUntil(byte[] bytes, int from, int end) {
        ByteBuffer longs = over(bytes);
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long word = longs.getLong(at);
            if (((word & HIGH_BITS) | zeros(word) | zeros(word ^ RETURNS)) != 0) {
                return at;
            }
        }
        return at;
    }

    /** The high bit of each octet that is zero, and perhaps of others behind one. */
    private static long zeros(long word) {
        return (word - LOW_BITS) & ~word & HIGH_BITS;
    }
}
