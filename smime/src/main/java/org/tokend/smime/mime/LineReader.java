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
        LF(1),
        CRLF(2),
        /** The line goes on in the next piece, or the stream ends here without a line break. */
        NONE(0);

        private final int octets;

        Ending(int octets) {
            this.octets = octets;
        }

        int octets() {
            return octets;
        }
    }

    /** With fewer octets in the buffer, the next plain line may not be there as a whole. */
    private static final int LEAST = PlainLines.MAX_LINE + 2 + Long.BYTES;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final PlainLines plainLines = new PlainLines(buffer);
    private int position;
    private int limit;
    private long beforeBuffer;
    private boolean endOfStream;

    private int offset;
    private int length;
    private Ending ending = Ending.LF;
    private boolean startsLine;
    private int lines;

    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * As {@link #next}, but where plain lines follow (see {@link PlainLines}) all of them that are in the buffer arrive as one
     * piece, whose ending is that of the last.
     */
    boolean nextLines() throws IOException {
        if (ending == Ending.NONE) {
            return next();
        }
        if (limit - position < LEAST && !endOfStream) {
            fill();
        }
        int end = plainLines.find(position, limit);
        if (end == position) {
            return next();
        }
        startsLine = true;
        lines = plainLines.count();
        offset = position;
        ending = plainLines.ending();
        length = end - ending.octets() - position;
        position = end;
        return true;
    }

    boolean next() throws IOException {
        lines = 0;
        startsLine = ending != Ending.NONE;
        int scanned = 0;
        while (true) {
            int lineFeed = OctetWords.indexOf((byte) '\n', buffer, position + scanned, limit);
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

    /** The next octets, whatever they are; the caller knows from an earlier look that they start and end with a line. */
    boolean nextOctets(long most) throws IOException {
        while (position == limit && !endOfStream) {
            fill();
        }
        lines = 0;
        startsLine = true;
        offset = position;
        length = (int) Math.min(most, limit - position);
        position += length;
        ending = Ending.CRLF;
        return length > 0;
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
            beforeBuffer += position;
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

    /** Of the next octet in the stream. */
    long position() {
        return beforeBuffer + position;
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

    /** How many plain lines the piece consists of, with {@link #ending} between them; 0 where it is any other line, or part of one. */
    int plainLines() {
        return lines;
    }

    Ending ending() {
        return ending;
    }

    /** Whether the piece is the first of its line. */
    boolean startsLine() {
        return startsLine;
    }
}
