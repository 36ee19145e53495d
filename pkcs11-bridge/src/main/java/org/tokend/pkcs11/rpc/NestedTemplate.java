package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.tokend.pkcs11.cryptoki.Attribute;

/**
 * The value of CKA_WRAP_TEMPLATE and its like: in C an array of pointers, here the attributes as they travel, count first. To
 * whoever keeps and compares values it is bytes like any others.
 */
final class NestedTemplate {
    private NestedTemplate() {}

    static List<Attribute> read(byte[] value) throws WireFormatException {
        MessageReader in = new MessageReader(MemorySegment.ofArray(value), 0, value.length);
        return new AttributeCodec.AttributeReader(in, true)
                .readAll().stream()
                        .map(read -> new Attribute(read.type(), read.value()))
                        .toList();
    }
}
