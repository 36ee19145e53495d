package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;

/**
 * Encodes base64 in lines (RFC 2045 §6.8), many at once. Closing it ends the content, after whose last line there is no line
 * break, and leaves the stream below open.
 */
public final class Base64Output extends OutputStream {

    private static final int LINES = 512;

    private final OutputStream out;
    private final int lineLength;
    private final byte[] content;
    private final byte[] encoded;
    private final byte[] lines;
    private int length;
    private boolean first = true;

    /** @param lineLength in characters, a multiple of four */
    public Base64Output(OutputStream out, int lineLength) {
        this.out = out;
        this.lineLength = lineLength;
        this.content = new byte[lineLength / 4 * 3 * LINES];
        this.encoded = new byte[lineLength * LINES];
        this.lines = new byte[(lineLength + 2) * LINES];
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            int step = Math.min(left, content.length - length);
            System.arraycopy(bytes, from, content, length, step);
            length += step;
            from += step;
            left -= step;
            if (length == content.length) {
                writeLines(Base64.getEncoder().encode(content, encoded));
                length = 0;
            }
        }
    }

    private void writeLines(int characters) throws IOException {
        int at = 0;
        for (int from = 0; from < characters; from += lineLength) {
            if (!first) {
                lines[at++] = '\r';
                lines[at++] = '\n';
            }
            first = false;
            int step = Math.min(lineLength, characters - from);
            System.arraycopy(encoded, from, lines, at, step);
            at += step;
        }
        out.write(lines, 0, at);
    }

    /** Only whole lines are passed on: a flush may not end a group of four. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        writeLines(Base64.getEncoder().encode(Arrays.copyOf(content, length), encoded));
        length = 0;
        out.flush();
    }
}
