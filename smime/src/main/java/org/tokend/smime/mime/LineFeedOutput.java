package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;

/** Turns CRLF into LF on the way to a file on Unix. Closing it flushes, and leaves the stream below open. */
public final class LineFeedOutput extends OutputStream {

    private static final byte[] RETURN = {'\r'};

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 14];
    private int length;
    private boolean heldReturn;

    public LineFeedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        if (length + 2 > buffer.length) {
            drain();
        }
        if (heldReturn && b != '\n') {
            buffer[length++] = '\r';
        }
        heldReturn = b == '\r';
        if (!heldReturn) {
            buffer[length++] = (byte) b;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int end = offset + count;
        while (from < end) {
            int carriageReturn = heldReturn ? from : OctetWords.indexOf((byte) '\r', bytes, from, end);
            int until = carriageReturn < 0 ? end : carriageReturn;
            append(bytes, from, until - from);
            if (until < end) {
                write(bytes[until++]);
            }
            from = until;
        }
    }

    /** What is in the file's form already. */
    void writeLineFeeds(byte[] bytes, int offset, int count) throws IOException {
        releaseReturn();
        append(bytes, offset, count);
    }

    private void releaseReturn() throws IOException {
        if (heldReturn) {
            heldReturn = false;
            append(RETURN, 0, 1);
        }
    }

    private void append(byte[] bytes, int offset, int count) throws IOException {
        if (count > buffer.length - length) {
            drain();
        }
        if (count > buffer.length) {
            out.write(bytes, offset, count);
        } else {
            System.arraycopy(bytes, offset, buffer, length, count);
            length += count;
        }
    }

    private void drain() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }

    @Override
    public void flush() throws IOException {
        drain();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        releaseReturn();
        flush();
    }
}
