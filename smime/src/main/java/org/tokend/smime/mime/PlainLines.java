package org.tokend.smime.mime;

import org.tokend.smime.mime.LineReader.Ending;

/**
 * Finds lines about which there is nothing to decide, eight octets at a time: ASCII without NUL, all ended by CRLF or all by LF,
 * without a CR or LF elsewhere, no longer than mail servers take, no blank at their end, and neither a delimiter nor "From " at
 * their start. Nearly all lines of a large mail are such.
 */
final class PlainLines {

    /** RFC 5322 §2.1.1, without the line break. */
    static final int MAX_LINE = 998;

    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long OTHER_BITS = 0x7f7f7f7f7f7f7f7fL;
    private static final long BLANKS = 0x2020202020202020L;
    private static final long RETURNS = 0x0d0d0d0d0d0d0d0dL;
    private static final long FEEDS = 0x0a0a0a0a0a0a0a0aL;
    private static final int LAST_OCTET = 56;

    private final byte[] bytes;
    private int count;
    private Ending ending = Ending.CRLF;

    PlainLines(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param from where a line starts
     * @return index behind the line break of the last plain line, or {@code from} where there is none
     */
    int find(int from, int limit) {
        Ending usual = ending;
        int end = find(from, limit, usual);
        if (end == from) {
            ending = usual == Ending.CRLF ? Ending.LF : Ending.CRLF;
            end = find(from, limit, ending);
            // What comes next is likely to end as lines did before.
            ending = end == from ? usual : ending;
        }
        return end;
    }

    private int find(int from, int limit, Ending style) {
        int lines = 0;
        int start = from;
        // The mark of a CR moves up by one octet to where its LF must be; that of the last octet moves into the next
        // word.
        long awaited = 0;
        for (int at = from & -Long.BYTES; at + Long.BYTES <= limit; at += Long.BYTES) {
            long word = word(at, from);
            // Nine words in ten have no line break: one look finds that, since a borrow can only let it look twice.
            if ((((word - BLANKS) | word) & HIGH_BITS | awaited) == 0) {
                continue;
            }
            long feeds = zeros(word ^ FEEDS);
            long returns = zeros(word ^ RETURNS);
            long misplaced = style == Ending.CRLF ? feeds ^ (returns << 8 | awaited) : returns;
            if (((word & HIGH_BITS) | zeros(word) | misplaced) != 0) {
                break;
            }
            awaited = returns >>> LAST_OCTET;
            for (; feeds != 0; feeds &= feeds - 1) {
                int feed = at + (Long.numberOfTrailingZeros(feeds) >> 3);
                if (!isPlain(start, feed + 1 - style.octets())) {
                    count = lines;
                    return start;
                }
                start = feed + 1;
                lines++;
            }
        }
        count = lines;
        return start;
    }

    /** Words are read aligned, so the first may begin before the line; blanks stand for what is there. */
    private long word(int at, int from) {
        long word = OctetWords.at(bytes, at);
        if (at >= from) {
            return word;
        }
        long before = OctetWords.before(from, at);
        return word & ~before | BLANKS & before;
    }

    /** How many were found. */
    int count() {
        return count;
    }

    /** How all that were found end. */
    Ending ending() {
        return ending;
    }

    /** The high bit of each octet that is zero. */
    private static long zeros(long word) {
        return ~(((word & OTHER_BITS) + OTHER_BITS) | word) & HIGH_BITS;
    }

    private boolean isPlain(int start, int end) {
        int length = end - start;
        if (length <= 0) {
            return length == 0;
        }
        byte first = bytes[start];
        byte last = bytes[end - 1];
        return length <= MAX_LINE
                && last != ' '
                && last != '\t'
                && !(first == '-' && length > 1 && bytes[start + 1] == '-')
                && !(first == 'F' && isFrom(start, length));
    }

    private boolean isFrom(int start, int length) {
        return length >= 5
                && bytes[start + 1] == 'r'
                && bytes[start + 2] == 'o'
                && bytes[start + 3] == 'm'
                && bytes[start + 4] == ' ';
    }
}
