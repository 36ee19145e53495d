package org.tokend.smime.mime;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream into lines without ever holding more than its buffer: a line longer than the buffer arrives in pieces.
 * After {@link #next} the piece is {@code bytes()[offset() .. offset() + length()]}, valid until the next call.
 */
final class LineReader {

    /** How a piece ends. */
    enum Ending {
        LF,
        CRLF,
        /** The line goes on in the next piece, or the stream ends here without a line break. */
        NONE
    }

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private boolean endOfStream;

    private int offset;
    private int length;
    private Ending ending = Ending.LF;
    private boolean startsLine;

    LineReader(InputStream in) {
        this.in = in;
    }

    boolean next() throws IOException {
        startsLine = ending != Ending.NONE;
        int scanned = 0;
        while (true) {
            int lineFeed = indexOfLineFeed(position + scanned);
            if (lineFeed >= 0) {
                deliver(lineFeed);
                return true;
            }
            scanned = limit - position;
            if (endOfStream || scanned == buffer.length) {
                return deliverRest();
            }
            fill();
        }
    }

    private int indexOfLineFeed(int from) {
        for (int i = from; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void deliver(int lineFeed) {
        boolean carriageReturn = lineFeed > position && buffer[lineFeed - 1] == '\r';
        offset = position;
        length = (carriageReturn ? lineFeed - 1 : lineFeed) - position;
        ending = carriageReturn ? Ending.CRLF : Ending.LF;
        position = lineFeed + 1;
    }

    private boolean deliverRest() {
        int rest = limit - position;
        if (rest == 0) {
            return false;
        }
        // A CR at the end of a full buffer may belong to a CRLF: it stays for the next piece.
        if (!endOfStream && buffer[limit - 1] == '\r') {
            rest--;
        }
        offset = position;
        length = rest;
        ending = Ending.NONE;
        position += rest;
        return true;
    }

    private void fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            endOfStream = true;
        } else {
            limit += count;
        }
    }

    byte[] bytes() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    Ending ending() {
        return ending;
    }

    /** Whether the piece is the first of its line. */
    boolean startsLine() {
        return startsLine;
    }
}
