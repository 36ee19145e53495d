package org.tokend.smime.mime;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Ends every line by CRLF, however it ended before (RFC 8551 §3.1.1); to be flushed, and not closed, when all is written. */
public final class CrlfOutput extends OutputStream {

    private final OutputStream out;
    private int last;

    public CrlfOutput(OutputStream out) {
        this.out = new BufferedOutputStream(new KeepOpen(out), 1 << 14);
    }

    @Override
    public void write(int b) throws IOException {
        if (b == '\n' && last != '\r') {
            out.write('\r');
        }
        out.write(b);
        last = b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            write(bytes[offset + i]);
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
