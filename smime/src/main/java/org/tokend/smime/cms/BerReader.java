package org.tokend.smime.cms;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads BER (X.690 §8.1) header by header, so that no length in a hostile message decides how much memory is taken: an
 * element is taken into memory only up to a bound, and a content streams.
 */
final class BerReader {

    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int OCTET_STRING = 0x04;
    static final int CONSTRUCTED_OCTET_STRING = 0x24;

    private static final int MULTI_BYTE_TAG = 0x1f;
    private static final int CONSTRUCTED = 0x20;
    private static final int MAX_DEPTH = 32;

    /**
     * Tag and length.
     *
     * @param length in bytes, or -1 for the indefinite form
     * @param encoded as it stood
     */
    record Header(int tag, long length, byte[] encoded) {

        boolean isIndefinite() {
            return length < 0;
        }

        boolean isEnd() {
            return tag == 0 && length == 0;
        }
    }

    private final InputStream in;
    private @Nullable Header peeked;

    BerReader(InputStream in) {
        this.in = in;
    }

    Header peek() throws IOException {
        Header header = peeked;
        if (header == null) {
            header = readHeader();
            peeked = header;
        }
        return header;
    }

    Header next() throws IOException {
        Header header = peek();
        peeked = null;
        return header;
    }

    Header next(int tag) throws IOException {
        Header header = next();
        if (header.tag() != tag) {
            throw new IOException("tag " + header.tag() + " where " + tag + " is wanted");
        }
        return header;
    }

    private Header readHeader() throws IOException {
        int tag = octet();
        if ((tag & MULTI_BYTE_TAG) == MULTI_BYTE_TAG) {
            throw new IOException("a tag of more than one byte");
        }
        int first = octet();
        if (first < 0x80) {
            return new Header(tag, first, new byte[] {(byte) tag, (byte) first});
        }
        int count = first & 0x7f;
        if (count == 0 && (tag & CONSTRUCTED) == 0 || count > 8) {
            throw new IOException("a length of " + count + " bytes");
        }
        byte[] encoded = new byte[2 + count];
        encoded[0] = (byte) tag;
        encoded[1] = (byte) first;
        long length = 0;
        for (int i = 0; i < count; i++) {
            int octet = octet();
            encoded[2 + i] = (byte) octet;
            length = length << 8 | octet;
        }
        if (length < 0) {
            throw new IOException("a length of more than 2^63 bytes");
        }
        return new Header(tag, count == 0 ? -1 : length, encoded);
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }

    /** The next element as a whole, with its header; indefinite lengths stay as they are. */
    byte[] element(int bound) throws IOException {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        int depth = 0;
        do {
            Header header = next();
            element.writeBytes(header.encoded());
            if (header.isIndefinite()) {
                depth++;
            } else if (header.isEnd() && depth > 0) {
                depth--;
            } else {
                if (header.length() > bound - element.size()) {
                    throw new IOException("an element of more than " + bound + " bytes beside the content");
                }
                element.writeBytes(exactly((int) header.length()));
            }
        } while (depth > 0 && depth <= MAX_DEPTH && element.size() <= bound);
        if (depth > 0) {
            throw new IOException("an element that is too deep or too long");
        }
        return element.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    /** Reads some bytes of a primitive element. */
    int read(byte[] buffer, int offset, long atMost) throws IOException {
        int count = in.read(buffer, offset, (int) Math.min(buffer.length - offset, atMost));
        if (count < 0) {
            throw new EOFException();
        }
        return count;
    }
}
