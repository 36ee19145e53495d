package org.tokend.pkcs11.rpc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;

/**
 * {@code fA}, the last argument of C_GetAttributeValue: which attributes are asked for.
 *
 * @param length of the caller's buffer; 0 asks for the length only
 * @param nested the buffers inside a template's buffer; null where the client does not tell
 */
record AttributeQuery(long type, int length, @Nullable List<AttributeQuery> nested) {
    private static final int ENTRY_SIZE = 8;

    AttributeQuery(long type, int length) {
        this(type, length, null);
    }

    static void write(MessageWriter out, List<AttributeQuery> entries) throws WireFormatException {
        out.u32(entries.size());
        for (AttributeQuery entry : entries) {
            if (entry.type >>> Integer.SIZE != 0) {
                throw new WireFormatException("an attribute type of more than 32 bits", CKR.ATTRIBUTE_TYPE_INVALID);
            }
            out.u32((int) entry.type).u32(entry.length);
        }
    }

    /**
     * Clients up to 0.25.3 write entries and nothing else; 0.25.4 and later put a nested list behind a template's entry that
     * has a buffer; 0.25.4 and 0.25.5 also put a zero behind one that has none. As nothing follows this argument, its length
     * tells which it is.
     */
    static List<AttributeQuery> read(MessageReader in) throws WireFormatException {
        long start = in.position();
        int count = in.count(ENTRY_SIZE, WireBounds.ATTRIBUTES);
        if (in.remaining() == (long) count * ENTRY_SIZE) {
            return readFlat(in, count);
        }
        for (boolean zeros : new boolean[] {false, true}) {
            in.position(start);
            List<AttributeQuery> entries = tryNested(in, zeros);
            if (entries != null) {
                return entries;
            }
        }
        throw new WireFormatException("attribute buffers that no known client writes");
    }

    private static @Nullable List<AttributeQuery> tryNested(MessageReader in, boolean zeros) {
        try {
            List<AttributeQuery> entries = new Nested(in, zeros).read(0);
            return in.remaining() == 0 ? entries : null;
        } catch (WireFormatException notInThisWay) {
            return null;
        }
    }

    private static List<AttributeQuery> readFlat(MessageReader in, int count) throws WireFormatException {
        List<AttributeQuery> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(readEntry(in));
        }
        return entries;
    }

    private static AttributeQuery readEntry(MessageReader in) throws WireFormatException {
        return new AttributeQuery(Integer.toUnsignedLong(in.u32()), in.u32());
    }

    /** One reading of the nested form. */
    private static final class Nested {
        private final MessageReader in;
        private final boolean zeros;
        private int total;

        Nested(MessageReader in, boolean zeros) {
            this.in = in;
            this.zeros = zeros;
        }

        List<AttributeQuery> read(int depth) throws WireFormatException {
            int count = in.count(ENTRY_SIZE, WireBounds.ATTRIBUTES);
            total += count;
            if (depth > WireBounds.DEPTH || total > WireBounds.ATTRIBUTES) {
                throw new WireFormatException("attribute buffers too deep or too many");
            }
            List<AttributeQuery> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                AttributeQuery entry = readEntry(in);
                boolean template = AttributeEncoding.of(entry.type) == AttributeEncoding.TEMPLATE;
                entries.add(template ? readBehindTemplate(entry, depth) : entry);
            }
            return entries;
        }

        private AttributeQuery readBehindTemplate(AttributeQuery entry, int depth) throws WireFormatException {
            if (entry.length != 0) {
                return new AttributeQuery(entry.type, entry.length, read(depth + 1));
            }
            if (zeros && in.u32() != 0) {
                throw new WireFormatException("something behind an empty template's entry");
            }
            return entry;
        }
    }
}
