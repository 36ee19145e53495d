package org.tokend.smime.mime;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * Decodes base64 as mails have it (RFC 2045 §6.8): what is not of its alphabet is passed over. It ends where "-" appears, before
 * the END line of PEM or a boundary. The JDK's stream for it takes its input octet by octet, which is most of the time that a
 * large mail takes to decrypt.
 */
final class Base64Input extends InputStream {

    private static final int CHUNK = 1 << 16;
    private static final byte[] NOTHING = {};

    private final InputStream in;
    private final byte[] raw = new byte[CHUNK];
    /** Less than four characters that wait for the next chunk, and a chunk. */
    private final byte[] text = new byte[CHUNK + 4];

    private int textLength;
    private boolean ended;
    private byte[] decoded = NOTHING;
    private int position;

    Base64Input(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return more() ? decoded[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = Math.min(length, decoded.length - position);
        System.arraycopy(decoded, position, bytes, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return decoded.length - position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean more() throws IOException {
        while (position == decoded.length) {
            if (ended) {
                return false;
            }
            position = 0;
            decoded = decodeChunk();
        }
        return true;
    }

    private byte[] decodeChunk() throws IOException {
        int count = in.read(raw, 0, CHUNK);
        int dash = count < 0 ? 0 : OctetWords.indexOf((byte) '-', raw, 0, count);
        ended = dash >= 0;
        int end = ended ? dash : count;
        int before = textLength;
        if (!ended && OctetWords.indexOf((byte) '=', raw, 0, end) < 0) {
            try {
                takeLines(end);
                return decodeText(textLength & ~3);
            } catch (IllegalArgumentException moreThanLines) {
                textLength = before;
            }
        }
        takeAlphabet(end, count);
        if (ended && (textLength & 3) == 1) {
            throw new EOFException("base64 that ends with one character of four");
        }
        return decodeText(ended ? textLength : textLength & ~3);
    }

    /** What there is between line breaks, in the hope that all of it is base64. */
    private void takeLines(int end) {
        int from = 0;
        while (from < end) {
            int lineFeed = OctetWords.indexOf((byte) '\n', raw, from, end);
            int until = lineFeed < 0 ? end : lineFeed;
            int length = until - from - (until > from && raw[until - 1] == '\r' ? 1 : 0);
            System.arraycopy(raw, from, text, textLength, length);
            textLength += length;
            from = until + 1;
        }
    }

    private void takeAlphabet(int end, int count) throws IOException {
        int waiting = textLength;
        textLength = 0;
        for (int i = 0; i < waiting; i++) {
            takeIfAlphabet(text[i]);
        }
        for (int i = 0; i < end; i++) {
            if (raw[i] == '=') {
                checkPadding(i + 1 < count ? raw[i + 1] : in.read());
                return;
            }
            takeIfAlphabet(raw[i]);
        }
    }

    private void takeIfAlphabet(byte b) {
        if ((b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '+' || b == '/') {
            text[textLength++] = b;
        }
    }

    /** Padding ends the content, and makes up four characters. */
    private void checkPadding(int next) throws IOException {
        int dangling = textLength & 3;
        if (dangling < 2 || (dangling == 2 && next != '=')) {
            throw new IOException("base64 that ends with padding in the wrong place");
        }
        ended = true;
    }

    private byte[] decodeText(int whole) {
        ByteBuffer bytes = Base64.getDecoder().decode(ByteBuffer.wrap(text, 0, whole));
        System.arraycopy(text, whole, text, 0, textLength - whole);
        textLength -= whole;
        return bytes.remaining() == bytes.array().length
                ? bytes.array()
                : Arrays.copyOf(bytes.array(), bytes.remaining());
    }
}
