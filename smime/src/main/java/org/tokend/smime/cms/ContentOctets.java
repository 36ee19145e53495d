package org.tokend.smime.cms;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.tokend.smime.cms.BerReader.Header;

/** The octets of an OCTET STRING, in one piece or in many, nested or not (X.690 §8.7.3). */
final class ContentOctets {

    private static final int MAX_DEPTH = 8;
    private static final long INDEFINITE = -1;

    private final BerReader in;
    /** What is left of each constructed string that is open, innermost first. */
    private final Deque<Long> open = new ArrayDeque<>();

    private long piece;

    /** @param header of the string, which may carry a tag of its own */
    ContentOctets(BerReader in, Header header, boolean constructed) {
        this.in = in;
        if (constructed) {
            open.push(header.length());
        } else {
            piece = header.length();
        }
    }

    /** @return number of bytes read, or -1 at the end */
    int read(byte[] buffer) throws IOException {
        return read(buffer, 0);
    }

    /** @return number of bytes read, less than asked for only before the end, or -1 at the end */
    int readFully(byte[] buffer) throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int count = read(buffer, filled);
            if (count < 0) {
                return filled == 0 ? -1 : filled;
            }
            filled += count;
        }
        return filled;
    }

    private int read(byte[] buffer, int offset) throws IOException {
        while (piece == 0) {
            if (!nextPiece()) {
                return -1;
            }
        }
        int count = in.read(buffer, offset, piece);
        piece -= count;
        return count;
    }

    private boolean nextPiece() throws IOException {
        while (!open.isEmpty() && open.peek() == 0) {
            open.pop();
        }
        if (open.isEmpty()) {
            return false;
        }
        Header header = in.next();
        if (header.isEnd()) {
            if (open.pop() != INDEFINITE) {
                throw new IOException("an end mark inside a string of known length");
            }
            spend(header, 0);
            return true;
        }
        switch (header.tag()) {
            case BerReader.OCTET_STRING -> {
                spend(header, header.length());
                piece = header.length();
            }
            case BerReader.CONSTRUCTED_OCTET_STRING -> {
                if (open.size() >= MAX_DEPTH || (header.isIndefinite() && open.peek() != INDEFINITE)) {
                    throw new IOException("strings nested too deep");
                }
                spend(header, header.isIndefinite() ? 0 : header.length());
                open.push(header.length());
            }
            default -> throw new IOException("tag " + header.tag() + " inside a string");
        }
        return true;
    }

    /** Takes a child off the string around it, where that one has a length. */
    private void spend(Header header, long length) throws IOException {
        Long outer = open.peek();
        if (outer == null || outer == INDEFINITE) {
            return;
        }
        long left = outer - header.encoded().length - length;
        if (left < 0) {
            throw new IOException("a piece longer than its string");
        }
        open.pop();
        open.push(left);
    }
}
