package org.tokend.pkcs11.key;

import java.math.BigInteger;
import java.util.Arrays;

/** Reads DER strictly (X.690 §10, §11): shortest lengths, shortest integers, nothing left over where the caller says so. */
public final class DerReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    public DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    public boolean atEnd() {
        return position == end;
    }

    public DerReader sequence() throws MalformedDerException {
        return constructed(Der.SEQUENCE);
    }

    DerReader constructed(int tag) throws MalformedDerException {
        int length = header(tag);
        DerReader inner = new DerReader(bytes, position, position + length);
        position += length;
        return inner;
    }

    /** A non-negative INTEGER in its shortest form. */
    public BigInteger unsignedInteger() throws MalformedDerException {
        byte[] value = value(Der.INTEGER);
        if (value.length == 0 || value[0] < 0 || value.length > 1 && value[0] == 0 && value[1] >= 0) {
            throw new MalformedDerException("an INTEGER is negative or not in its shortest form");
        }
        return new BigInteger(value);
    }

    byte[] value(int tag) throws MalformedDerException {
        int length = header(tag);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    byte[] bitString() throws MalformedDerException {
        byte[] value = value(Der.BIT_STRING);
        if (value.length == 0 || value[0] != 0) {
            throw new MalformedDerException("a BIT STRING has unused bits");
        }
        return Arrays.copyOfRange(value, 1, value.length);
    }

    /** The next element with its tag and length. */
    byte[] element() throws MalformedDerException {
        int start = position;
        int length = header(nextTag());
        position += length;
        return Arrays.copyOfRange(bytes, start, position);
    }

    int nextTag() throws MalformedDerException {
        if (position >= end) {
            throw new MalformedDerException("it ends too early");
        }
        return bytes[position] & 0xff;
    }

    public void finish() throws MalformedDerException {
        if (position != end) {
            throw new MalformedDerException((end - position) + " bytes follow the end");
        }
    }

    private int header(int tag) throws MalformedDerException {
        if (nextTag() != tag) {
            throw new MalformedDerException("tag 0x" + Integer.toHexString(nextTag()) + " stands where 0x"
                    + Integer.toHexString(tag) + " must");
        }
        position++;
        int length = next();
        if (length >= 0x80) {
            length = longLength(length & 0x7f);
        }
        if (length > end - position) {
            throw new MalformedDerException("a length goes beyond the end");
        }
        return length;
    }

    private int longLength(int count) throws MalformedDerException {
        if (count == 0 || count > 3) {
            throw new MalformedDerException("a length is indefinite or too long");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | next();
        }
        if (length < 0x80 || length >> 8 * (count - 1) == 0) {
            throw new MalformedDerException("a length is not in its shortest form");
        }
        return length;
    }

    private int next() throws MalformedDerException {
        if (position >= end) {
            throw new MalformedDerException("it ends too early");
        }
        return bytes[position++] & 0xff;
    }
}
