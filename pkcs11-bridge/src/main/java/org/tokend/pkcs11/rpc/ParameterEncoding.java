package org.tokend.pkcs11.rpc;

import java.util.HashMap;
import java.util.Map;

/**
 * How the parameter of a mechanism is written; the type decides. Stock clients refuse by themselves to send a mechanism that
 * is not in p11-kit's own list. Between our own two ends any mechanism goes: what p11-kit does not know is {@link #RAW}, or
 * has the structure that PKCS#11 gives it where that is one of those here ({@link #OUR_PSS} and its neighbours).
 */
enum ParameterEncoding {
    /** In p11-kit's list of mechanisms without a parameter: in the newer dialect nothing at all follows the type. */
    NONE,
    /** hash, MGF and salt length. */
    PSS,
    /** hash, MGF, source and label. */
    OAEP,
    /** KDF, shared data and the other side's public point. */
    ECDH1,
    /** counter bits and a block of 16 bytes. */
    COUNTER,
    /** IV, its bits, additional data and tag bits. */
    GCM,
    /** One number. */
    NUMBER,
    /** A byte array of exactly 16. */
    IV_16,
    /** A byte array of exactly 8. */
    IV_8,
    /** A byte array, whatever is in it. */
    RAW;

    /** As p11-kit 0.26.4 has it; the older versions' lists are subsets. */
    private static final long[] WITHOUT_PARAMETER = {
        0x0L, 0x1L, 0x2L, 0x3L, 0x4L, 0x5L, 0x6L, 0x7L,
        0x8L, 0xaL, 0xbL, 0xcL, 0x10L, 0x11L, 0x12L, 0x20L,
        0x30L, 0x40L, 0x41L, 0x42L, 0x100L, 0x101L, 0x103L, 0x110L,
        0x111L, 0x120L, 0x121L, 0x123L, 0x130L, 0x131L, 0x132L, 0x134L,
        0x140L, 0x141L, 0x143L, 0x200L, 0x201L, 0x210L, 0x211L, 0x220L,
        0x221L, 0x230L, 0x231L, 0x240L, 0x241L, 0x250L, 0x251L, 0x260L,
        0x261L, 0x270L, 0x271L, 0x300L, 0x301L, 0x303L, 0x310L, 0x311L,
        0x313L, 0x320L, 0x321L, 0x330L, 0x331L, 0x333L, 0x340L, 0x341L,
        0x343L, 0x350L, 0x370L, 0x374L, 0x380L, 0x381L, 0x400L, 0x1000L,
        0x1008L, 0x1010L, 0x1020L, 0x1030L, 0x1036L, 0x1040L, 0x1041L, 0x1042L,
        0x1060L, 0x1065L, 0x1070L, 0x1080L, 0x1081L, 0x1083L, 0x2000L, 0x2001L,
        0x2002L, 0x46L, 0x48L, 0x49L, 0x4bL, 0x4cL, 0x4dL, 0x4fL,
        0x50L, 0x51L, 0x53L, 0x138L, 0x255L, 0x256L, 0x392L, 0x393L,
        0x394L, 0x395L, 0x396L, 0x1043L, 0x1044L, 0x1045L, 0x1046L, 0x108aL,
        0x80010001L, 0x80010002L, 0x80010003L, 0x80010004L, 0x80010007L, 0x8001001cL, 0x8001001fL, 0x80010023L,
        0x80010025L, 0x80010026L, 0x80010027L, 0x80010028L
    };

    private static final long[] PSS_TYPES = {0xd, 0xe, 0x43, 0x44, 0x45, 0x47};
    private static final long[] OAEP_TYPES = {0x9};
    private static final long[] ECDH1_TYPES = {0x1050, 0x8001_001bL, 0x8001_001eL};
    private static final long[] COUNTER_TYPES = {0x1086};
    private static final long[] GCM_TYPES = {0x1087};
    private static final long[] NUMBER_TYPES = {
        0x222, 0x257, 0x252, 0x262, 0x272, 0x4a, 0x4e, 0x1084, 0x108b, 0x135, 0x137, 0x8002_0004L, 0x8001_0031L
    };
    private static final long[] IV_16_TYPES = {0x1082, 0x1085, 0x2104, 0x2105, 0x2106, 0x2107, 0x2108, 0x1089};
    private static final long[] IV_8_TYPES = {0x122, 0x125, 0x133, 0x136, 0x153, 0x152, 0x150};

    /** SHA-3 with PSS. */
    private static final long[] OUR_PSS = {0x63, 0x64, 0x65, 0x67};
    /** ECDH1_COFACTOR_DERIVE. */
    private static final long[] OUR_ECDH1 = {0x1051};

    private static final Map<Long, ParameterEncoding> BY_MECHANISM = table();

    static ParameterEncoding of(long mechanism) {
        return BY_MECHANISM.getOrDefault(mechanism, RAW);
    }

    /** Whether the older dialect can say that there is no parameter; it has no presence byte. */
    boolean mayBeNullArray() {
        return this == NONE || this == RAW || this == IV_16 || this == IV_8;
    }

    private static Map<Long, ParameterEncoding> table() {
        Map<Long, ParameterEncoding> table = new HashMap<>();
        put(table, NONE, WITHOUT_PARAMETER);
        put(table, PSS, PSS_TYPES);
        put(table, PSS, OUR_PSS);
        put(table, OAEP, OAEP_TYPES);
        put(table, ECDH1, ECDH1_TYPES);
        put(table, ECDH1, OUR_ECDH1);
        put(table, COUNTER, COUNTER_TYPES);
        put(table, GCM, GCM_TYPES);
        put(table, NUMBER, NUMBER_TYPES);
        put(table, IV_16, IV_16_TYPES);
        put(table, IV_8, IV_8_TYPES);
        return Map.copyOf(table);
    }

    private static void put(Map<Long, ParameterEncoding> table, ParameterEncoding encoding, long[] mechanisms) {
        for (long mechanism : mechanisms) {
            table.put(mechanism, encoding);
        }
    }
}
