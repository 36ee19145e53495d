package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * C_GetAttributeValue by pointer. The wrappers turn values into Java objects by what they believe of the type, and give
 * nothing at all when one attribute of several is not there; here every value comes as it stands in C memory.
 */
final class AttributeReader {
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;

    /** CK_ATTRIBUTE: type, pValue, ulValueLen. */
    private static final long VALUE = 8;

    private static final long LENGTH = 16;
    private static final long SIZE = 24;
    private static final long UNAVAILABLE = -1L;

    private final ModuleLibrary library;

    AttributeReader(ModuleLibrary library) {
        this.library = library;
    }

    AttributeValues read(long session, long object, long... types) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment template = arena.allocate(Math.max(1, types.length) * SIZE, ULONG.byteAlignment());
            for (int i = 0; i < types.length; i++) {
                template.set(ULONG, i * SIZE, types[i]);
            }
            long measured = call(session, object, template, types.length);
            long[] capacities = allocate(arena, template, types);
            long returned = call(session, object, template, types.length);
            return new AttributeValues(values(template, types, capacities), measured == CKR.OK ? returned : measured);
        }
    }

    private long call(long session, long object, MemorySegment template, int count) throws CryptokiException {
        long returned = library.call(CFunction.GET_ATTRIBUTE_VALUE, session, object, template.address(), count);
        // With these two the other attributes of the template are right nevertheless (PKCS#11 v3.1 §5.7.5).
        if (returned != CKR.OK && returned != CKR.ATTRIBUTE_SENSITIVE && returned != CKR.ATTRIBUTE_TYPE_INVALID) {
            CFunction.GET_ATTRIBUTE_VALUE.check(returned);
        }
        return returned;
    }

    /** Points every attribute that is there at memory of the length that the module asked for. */
    private static long[] allocate(Arena arena, MemorySegment template, long[] types) throws CryptokiException {
        long[] capacities = new long[types.length];
        for (int i = 0; i < types.length; i++) {
            long length = template.get(ULONG, i * SIZE + LENGTH);
            boolean there = length != UNAVAILABLE && !Templates.isNested(types[i]);
            capacities[i] = there ? OutputLimit.check(CFunction.GET_ATTRIBUTE_VALUE, length) : UNAVAILABLE;
            if (capacities[i] > 0) {
                template.set(ValueLayout.ADDRESS, i * SIZE + VALUE, arena.allocate(capacities[i]));
            }
        }
        return capacities;
    }

    private static List<Attribute> values(MemorySegment template, long[] types, long[] capacities)
            throws CryptokiException {
        List<Attribute> attributes = new ArrayList<>(types.length);
        for (int i = 0; i < types.length; i++) {
            long length = template.get(ULONG, i * SIZE + LENGTH);
            if (capacities[i] == UNAVAILABLE || length == UNAVAILABLE) {
                attributes.add(Attribute.unavailable(types[i]));
                continue;
            }
            if (length < 0 || length > capacities[i]) {
                throw OutputLimit.exceeded(CFunction.GET_ATTRIBUTE_VALUE, length);
            }
            MemorySegment value =
                    template.get(ValueLayout.ADDRESS, i * SIZE + VALUE).reinterpret(length);
            attributes.add(Attribute.of(types[i], length == 0 ? new byte[0] : value.toArray(ValueLayout.JAVA_BYTE)));
        }
        return attributes;
    }
}
