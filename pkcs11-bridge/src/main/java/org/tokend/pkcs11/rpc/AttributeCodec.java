package org.tokend.pkcs11.rpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * Attributes to bytes and back. A template inside an attribute has no form in memory that could leave a process: where it is
 * let through, its value is the bytes it has here ({@link NestedTemplate}); modules never see one, it is read to its end,
 * within bounds, and then refused with CKR_ATTRIBUTE_TYPE_INVALID.
 */
final class AttributeCodec {
    /** Type and validity byte: the least an attribute takes. */
    private static final int LEAST_SIZE = 5;

    private static final int DATE_LENGTH = 8;

    private AttributeCodec() {}

    /** {@code aA} in a request. */
    static void writeTemplate(MessageWriter out, List<Attribute> template) throws WireFormatException {
        out.u32(template.size());
        for (Attribute attribute : template) {
            write(out, attribute);
        }
    }

    /** One attribute with its value. */
    static void write(MessageWriter out, Attribute attribute) throws WireFormatException {
        byte[] value = attribute.value();
        AttributeEncoding encoding = AttributeEncoding.of(attribute.type());
        startAttribute(out, attribute.type());
        if (value == null) {
            out.u8(0);
            return;
        }
        if (!canCarry(encoding, value.length)) {
            throw new WireFormatException(
                    "an attribute 0x" + Long.toHexString(attribute.type()) + " of " + value.length
                            + " bytes, which cannot be sent",
                    encoding == AttributeEncoding.TEMPLATE ? CKR.ATTRIBUTE_TYPE_INVALID : CKR.ATTRIBUTE_VALUE_INVALID);
        }
        out.u8(1).u32(value.length);
        ByteBuffer memory = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
        switch (encoding) {
            case BYTE -> out.u8(value[0]);
            case NUMBER -> out.u64(memory.getLong());
            case MECHANISMS -> {
                out.u32(value.length / Long.BYTES);
                while (memory.hasRemaining()) {
                    out.u64(memory.getLong());
                }
            }
            case TEMPLATE, DATE, BYTES -> out.bytes(value);
        }
    }

    private static void startAttribute(MessageWriter out, long type) throws WireFormatException {
        if (type >>> Integer.SIZE != 0) {
            throw new WireFormatException("an attribute type of more than 32 bits", CKR.ATTRIBUTE_TYPE_INVALID);
        }
        out.u32((int) type);
    }

    /** Whether a value of this length can be written; those of zero length for a byte or a number are read by few. */
    static boolean canCarry(AttributeEncoding encoding, int length) {
        return switch (encoding) {
            case BYTE -> length == 1;
            case NUMBER -> length == Long.BYTES;
            case TEMPLATE -> false;
            case MECHANISMS -> length % Long.BYTES == 0;
            case DATE -> length == 0 || length == DATE_LENGTH;
            case BYTES -> true;
        };
    }

    /** In a reply: how long the value is, with a placeholder that all clients read without complaint. */
    static void writeLength(MessageWriter out, long type, int length) throws WireFormatException {
        startAttribute(out, type);
        out.u8(1).u32(length);
        switch (AttributeEncoding.of(type)) {
            case BYTE -> out.u8(0);
            case NUMBER -> out.u64(0);
            // Upstream sends the true count and no values, which every client fails on.
            case TEMPLATE, MECHANISMS -> out.u32(0);
            case DATE -> {
                if (length == 0) {
                    out.bytes(new byte[0]);
                } else {
                    out.nullBytes();
                }
            }
            case BYTES -> out.nullBytes();
        }
    }

    static void writeUnavailable(MessageWriter out, long type) throws WireFormatException {
        startAttribute(out, type);
        out.u8(0);
    }

    /** {@code aA} in a request. */
    static List<Attribute> readTemplate(MessageReader in, Call call, boolean nested)
            throws WireFormatException, CryptokiException {
        List<Read> read = new AttributeReader(in, nested).readAll();
        List<Attribute> template = new ArrayList<>(read.size());
        for (Read attribute : read) {
            if (attribute.value() == null) {
                throw new CryptokiException(
                        call.function(),
                        attribute.encoding() == AttributeEncoding.TEMPLATE && attribute.valid()
                                ? CKR.ATTRIBUTE_TYPE_INVALID
                                : CKR.ATTRIBUTE_VALUE_INVALID);
            }
            template.add(new Attribute(attribute.type(), attribute.value()));
        }
        return template;
    }

    /**
     * What came for one attribute.
     *
     * @param valid false when the sender has no value
     * @param length as the sender counts it
     * @param value null when not valid, for placeholders, and for templates that are not let through
     */
    record Read(long type, boolean valid, int length, byte @Nullable [] value) {
        AttributeEncoding encoding() {
            return AttributeEncoding.of(type);
        }
    }

    /** Reads attributes and counts them, those in nested templates too. */
    static final class AttributeReader {
        private final MessageReader in;
        private final boolean nested;
        private int total;

        /** @param nested whether templates inside attributes are let through */
        AttributeReader(MessageReader in, boolean nested) {
            this.in = in;
            this.nested = nested;
        }

        List<Read> readAll() throws WireFormatException {
            return readAll(0);
        }

        private List<Read> readAll(int depth) throws WireFormatException {
            int count = in.count(LEAST_SIZE, WireBounds.ATTRIBUTES);
            total += count;
            if (depth > WireBounds.DEPTH || total > WireBounds.ATTRIBUTES) {
                throw new WireFormatException("templates too deep or with too many attributes");
            }
            List<Read> attributes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                attributes.add(readOne(depth));
            }
            return attributes;
        }

        private Read readOne(int depth) throws WireFormatException {
            long type = Integer.toUnsignedLong(in.u32());
            int validity = in.u8();
            if (validity == 0) {
                return new Read(type, false, 0, null);
            }
            int length = in.u32();
            byte[] value = switch (AttributeEncoding.of(type)) {
                case BYTE -> new byte[] {(byte) in.u8()};
                case NUMBER -> nativeNumber(in.u64());
                case TEMPLATE -> template(depth);
                case MECHANISMS -> mechanisms(length);
                case DATE, BYTES -> bytes(length);
            };
            return new Read(type, true, length, value);
        }

        private byte @Nullable [] template(int depth) throws WireFormatException {
            long start = in.position();
            readAll(depth + 1);
            return nested ? in.copySince(start) : null;
        }

        private static byte[] nativeNumber(long value) {
            return ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(value)
                    .array();
        }

        /** A count of 0 with another length is the placeholder of a size query. */
        private byte @Nullable [] mechanisms(int length) throws WireFormatException {
            int count = in.count(Long.BYTES, WireBounds.LIST);
            if (count == 0 && length != 0) {
                return null;
            }
            ByteBuffer value = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.nativeOrder());
            for (int i = 0; i < count; i++) {
                value.putLong(in.u64());
            }
            return value.array();
        }

        /** A NULL array with another length is the placeholder of a size query. */
        private byte @Nullable [] bytes(int length) throws WireFormatException {
            byte[] value = in.bytes();
            if (value == null) {
                return length == 0 ? new byte[0] : null;
            }
            if (value.length != length) {
                throw new WireFormatException("an attribute of " + value.length + " bytes that says it has "
                        + Integer.toUnsignedString(length));
            }
            return value;
        }
    }
}
