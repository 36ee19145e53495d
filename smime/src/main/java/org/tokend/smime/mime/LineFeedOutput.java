package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;

/** Turns CRLF into LF on the way to a file on Unix. Closing it flushes, and leaves the stream below open. */
public final class LineFeedOutput extends OutputStream {

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
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
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
        if (heldReturn) {
            heldReturn = false;
            write('\r');
            heldReturn = false;
        }
        flush();
    }
}
