package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;

/** Turns LF into CRLF, for octets that have no CR. */
final class LineFeeds {

    private final byte[] buffer = new byte[1 << 16];

    void write(byte[] bytes, int offset, int length, OutputStream out) throws IOException {
        int end = offset + length;
        int filled = 0;
        for (int from = offset; from < end; ) {
            int most = Math.min(end, from + buffer.length - 2 - filled);
            int feed = OctetWords.indexOf((byte) '\n', bytes, from, most);
            int until = feed < 0 ? most : feed;
            System.arraycopy(bytes, from, buffer, filled, until - from);
            filled += until - from;
            from = until;
            if (feed >= 0) {
                buffer[filled++] = '\r';
                buffer[filled++] = '\n';
                from++;
            }
            if (buffer.length - filled <= 2) {
                out.write(buffer, 0, filled);
                filled = 0;
            }
        }
        out.write(buffer, 0, filled);
    }
}
