package org.tokend.pkcs11.rpc;

import java.util.HashMap;
import java.util.Map;

/** How the value of an attribute is written; the type decides. */
enum AttributeEncoding {
    /** CK_BBOOL and CK_BYTE: one byte. */
    BYTE,
    /** CK_ULONG: eight bytes, big-endian. */
    NUMBER,
    /** Attributes inside an attribute: count and attributes. */
    TEMPLATE,
    /** CK_MECHANISM_TYPE list: count and eight bytes each. */
    MECHANISMS,
    /** CK_DATE: a byte array of eight digits, or an empty one. */
    DATE,
    /**
     * All others, unknown and vendor types among them: a byte array as it stands in the memory of the sender, which is how
     * a CK_ULONG of an unknown type travels too.
     */
    BYTES;

    private static final long[] BYTE_TYPES = {
        0x1L, 0x2L, 0x86L, 0x103L, 0x104L, 0x105L, 0x106L, 0x107L,
        0x108L, 0x109L, 0x10aL, 0x10bL, 0x10cL, 0x162L, 0x163L, 0x164L,
        0x165L, 0x170L, 0x171L, 0x200L, 0x202L, 0x210L, 0x301L, 0x302L,
        0x405L, 0x80010001L, 0x80010002L, 0x80010003L, 0x80010004L, 0x80010008L, 0x8001000cL, 0x8001000dL
    };
    private static final long[] NUMBER_TYPES = {
        0x0L, 0x80L, 0x87L, 0x88L, 0x100L, 0x121L, 0x133L, 0x134L,
        0x160L, 0x161L, 0x166L, 0x201L, 0x300L, 0x400L, 0x401L, 0x402L,
        0x403L, 0x404L, 0x406L, 0x500L, 0x80010005L, 0x8001000aL, 0x800d0001L, 0x800d0009L,
        0x800d0101L
    };
    private static final long[] TEMPLATE_TYPES = {0x4000_0211L, 0x4000_0212L, 0x4000_0213L};
    private static final long ALLOWED_MECHANISMS = 0x4000_0600L;
    private static final long[] DATE_TYPES = {0x110L, 0x111L};

    private static final Map<Long, AttributeEncoding> BY_TYPE = table();

    static AttributeEncoding of(long type) {
        return BY_TYPE.getOrDefault(type, BYTES);
    }

    private static Map<Long, AttributeEncoding> table() {
        Map<Long, AttributeEncoding> table = new HashMap<>();
        put(table, BYTE, BYTE_TYPES);
        put(table, NUMBER, NUMBER_TYPES);
        put(table, TEMPLATE, TEMPLATE_TYPES);
        put(table, MECHANISMS, ALLOWED_MECHANISMS);
        put(table, DATE, DATE_TYPES);
        return Map.copyOf(table);
    }

    private static void put(Map<Long, AttributeEncoding> table, AttributeEncoding encoding, long... types) {
        for (long type : types) {
            table.put(type, encoding);
        }
    }
}
