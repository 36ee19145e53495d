package org.tokend.pkcs11.rpc;

import java.util.List;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;

/**
 * Writes what C_GetAttributeValue found. The lengths of the caller's buffers are compared here: clients believe the return
 * value more than their own eyes. An attribute whose value this protocol or the other end cannot carry is answered as one that
 * the object does not have.
 */
record AttributeAnswers(Client client) {
    /** sizeof(CK_ATTRIBUTE) where CK_ULONG has eight bytes. */
    private static final int TEMPLATE_ENTRY = 24;

    /** Whether there is a point in asking for the value. */
    boolean mayAsk(long type) {
        return client.readsNestedTemplates() || !isTemplate(type);
    }

    private static boolean isTemplate(long type) {
        return AttributeEncoding.of(type) == AttributeEncoding.TEMPLATE;
    }

    void write(MessageWriter out, List<AttributeQuery> asked, AttributeValues values) throws WireFormatException {
        long returnValue = values.returnValue();
        out.u32(asked.size());
        for (AttributeQuery query : asked) {
            long outcome = write(out, query, values.get(query.type()));
            returnValue = returnValue == CKR.OK ? outcome : returnValue;
        }
        out.u64(returnValue);
    }

    /** @return CKR_OK, or what keeps the value from being sent */
    private long write(MessageWriter out, AttributeQuery query, Attribute attribute) throws WireFormatException {
        byte[] value = attribute.value();
        if (value == null) {
            AttributeCodec.writeUnavailable(out, query.type());
            return mayAsk(query.type()) ? CKR.OK : CKR.ATTRIBUTE_TYPE_INVALID;
        }
        if (isTemplate(query.type())) {
            return writeTemplate(out, query, value);
        }
        if (!AttributeCodec.canCarry(AttributeEncoding.of(query.type()), value.length)) {
            return refuse(out, query, CKR.ATTRIBUTE_TYPE_INVALID);
        }
        if (query.length() == 0) {
            AttributeCodec.writeLength(out, query.type(), value.length);
            return CKR.OK;
        }
        if (isNarrowNumber(query)) {
            return writeNarrowNumber(out, query, attribute);
        }
        if (Integer.toUnsignedLong(query.length()) < value.length) {
            return refuse(out, query, CKR.BUFFER_TOO_SMALL);
        }
        AttributeCodec.write(out, attribute);
        return CKR.OK;
    }

    private static long refuse(MessageWriter out, AttributeQuery query, long reason) throws WireFormatException {
        AttributeCodec.writeUnavailable(out, query.type());
        return reason;
    }

    /** Only a client whose CK_ULONG has four bytes has four bytes of room for one. */
    private boolean isNarrowNumber(AttributeQuery query) {
        return client.stock()
                && query.length() == Integer.BYTES
                && AttributeEncoding.of(query.type()) == AttributeEncoding.NUMBER;
    }

    private static long writeNarrowNumber(MessageWriter out, AttributeQuery query, Attribute attribute)
            throws WireFormatException {
        long number = attribute.asLong(-1);
        // CK_UNAVAILABLE_INFORMATION is as wide as the CK_ULONG it stands in.
        if (number != -1 && number >>> Integer.SIZE != 0) {
            return refuse(out, query, CKR.BUFFER_TOO_SMALL);
        }
        out.u32((int) query.type()).u8(1).u32(Integer.BYTES).u64(number == -1 ? 0xffff_ffffL : number);
        return CKR.OK;
    }

    /** A template: asked for its length, or with a buffer for each of the attributes in it. */
    private long writeTemplate(MessageWriter out, AttributeQuery query, byte[] value) throws WireFormatException {
        List<Attribute> template = NestedTemplate.read(value);
        int length = template.size() * TEMPLATE_ENTRY;
        if (query.length() == 0) {
            AttributeCodec.writeLength(out, query.type(), length);
            return CKR.OK;
        }
        List<AttributeQuery> buffers = query.nested();
        if (buffers == null) {
            // Up to 0.25.3 they do not say what buffers are inside, and cannot read what is.
            return refuse(out, query, CKR.ATTRIBUTE_TYPE_INVALID);
        }
        if (buffers.size() < template.size()) {
            return refuse(out, query, CKR.BUFFER_TOO_SMALL);
        }
        out.u32((int) query.type()).u8(1).u32(length).u32(template.size());
        long returnValue = CKR.OK;
        for (int i = 0; i < template.size(); i++) {
            Attribute inner = template.get(i);
            AttributeQuery buffer = buffers.get(i);
            long outcome = write(out, new AttributeQuery(inner.type(), buffer.length(), buffer.nested()), inner);
            returnValue = returnValue == CKR.OK ? outcome : returnValue;
        }
        return returnValue;
    }
}
