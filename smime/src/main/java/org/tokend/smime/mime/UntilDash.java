package org.tokend.smime.mime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends where "-" appears, which is no base64: before the END line of PEM, or before a boundary. */
final class UntilDash extends FilterInputStream {

    private boolean ended;

    UntilDash(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int b = ended ? -1 : super.read();
        ended |= b == '-';
        return ended ? -1 : b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = ended ? -1 : super.read(bytes, offset, length);
        for (int i = 0; i < count; i++) {
            if (bytes[offset + i] == '-') {
                ended = true;
                return i == 0 ? -1 : i;
            }
        }
        return count;
    }
}
