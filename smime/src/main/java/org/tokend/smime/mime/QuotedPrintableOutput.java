package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Quoted-printable (RFC 2045 §6.7) that also survives servers which escape "From " and lone dots, as RFC 2049 §3 (3) advises.
 * Does not close the stream below.
 */
final class QuotedPrintableOutput extends OutputStream {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
    private static final int MAX_LINE = 76;

    private final OutputStream out;
    private final byte[] line = new byte[MAX_LINE + 4];
    private int length;
    /** A blank must be encoded if it turns out to be the last octet of its line: it waits here. */
    private int heldBlank = -1;

    QuotedPrintableOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        int octet = b & 0xff;
        releaseBlank(false);
        if (octet == ' ' || octet == '\t') {
            heldBlank = octet;
        } else if (octet > ' ' && octet < 127 && octet != '=') {
            room(1);
            if (length == 0 && (octet == 'F' || octet == '.')) {
                escape(octet);
            } else {
                line[length++] = (byte) octet;
            }
        } else {
            escape(octet);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
        }
    }

    void lineBreak() throws IOException {
        releaseBlank(true);
        out.write(line, 0, length);
        out.write('\r');
        out.write('\n');
        length = 0;
    }

    private void releaseBlank(boolean last) throws IOException {
        int blank = heldBlank;
        heldBlank = -1;
        if (blank < 0) {
            return;
        }
        if (last) {
            escape(blank);
        } else {
            room(1);
            line[length++] = (byte) blank;
        }
    }

    private void escape(int octet) throws IOException {
        room(3);
        line[length++] = '=';
        line[length++] = HEX[octet >> 4];
        line[length++] = HEX[octet & 15];
    }

    /** A soft line break where the octet and the "=" of a later break would not fit any more. */
    private void room(int count) throws IOException {
        if (length + count > MAX_LINE - 1) {
            line[length++] = '=';
            line[length++] = '\r';
            line[length++] = '\n';
            out.write(line, 0, length);
            length = 0;
        }
    }

    @Override
    public void close() throws IOException {
        releaseBlank(true);
        out.write(line, 0, length);
        length = 0;
        out.flush();
    }
}
