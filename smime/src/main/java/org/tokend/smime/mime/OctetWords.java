package org.tokend.smime.mime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at an array eight octets at a time; most of what travels by mail is plain ASCII in which nothing is found. */
final class OctetWords {

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long RETURNS = '\r' * LOW_BITS;
    private static final long BLANKS = ' ' * LOW_BITS;

    /** Of the ways to read a word, this is the quickest for code that only C1 has compiled. */
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private OctetWords() {}

    /** Eight octets, the first of them lowest; aligned ones are read several times as fast by code that only C1 has compiled. */
    static long at(byte[] bytes, int index) {
        return (long) WORDS.get(bytes, index);
    }

    /** @return index of the first such octet from here to before the end, or -1; an ASCII octet */
    static int indexOf(byte octet, byte[] bytes, int from, int end) {
        long pattern = octet * LOW_BITS;
        int at = from & -Long.BYTES;
        long before = before(from, at);
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long found = zeros(at(bytes, at) ^ pattern | before);
            if (found != 0) {
                // A borrow can only mark octets behind the first that is there.
                return at + (Long.numberOfTrailingZeros(found) >> 3);
            }
            before = 0;
        }
        for (at = Math.max(at, from); at < end; at++) {
            if (bytes[at] == octet) {
                return at;
            }
        }
        return -1;
    }

    /** @return index from which on there may be octets beyond ASCII, NUL or CR, at most seven too early; or near the end */
    static int plainUntil(byte[] bytes, int from, int end) {
        int at = from & -Long.BYTES;
        long before = before(from, at);
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long word = at(bytes, at) & ~before | BLANKS & before;
            if (((word & HIGH_BITS) | zeros(word) | zeros(word ^ RETURNS)) != 0) {
                break;
            }
            before = 0;
        }
        return Math.max(at, from);
    }

    /** All bits of those octets in the word at an index that stand before another index in it. */
    static long before(int index, int at) {
        return (1L << ((index - at) * Byte.SIZE)) - 1;
    }

    /** The high bit of each octet that is zero, and perhaps of others behind one. */
    private static long zeros(long word) {
        return (word - LOW_BITS) & ~word & HIGH_BITS;
    }
}
