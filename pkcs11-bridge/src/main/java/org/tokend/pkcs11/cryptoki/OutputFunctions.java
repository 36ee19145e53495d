package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The functions that write results of a length of their own choosing, called by pointer. The wrappers ask for the length
 * first, which is a second call to the token, believe what they hear even when it is more than the buffer holds, and leave
 * plain text behind in freed memory. Here the buffer is given at once, the length is checked, and the memory is cleared.
 */
final class OutputFunctions {
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;

    /** Holds RSA signatures of up to 8,192 bits, and what padding and tags add to an input. It is zeroed twice each time. */
    private static final long USUAL_RESULT = 1 << 10;

    private static final long GROWTH = 8;

    private final ModuleLibrary library;

    OutputFunctions(ModuleLibrary library) {
        this.library = library;
    }

    /** A function of the shape of C_SignInit. The module copies what the mechanism's parameter points to (PKCS#11 v3.1 §5.1). */
    void begin(CFunction function, long session, Mechanism mechanism, long key) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how =
                    MechanismParameters.struct(MechanismParameters.checked(function.cName(), mechanism), arena);
            library.check(function, session, how.address(), key, 0);
        }
    }

    /** A function of the shape of C_Sign: input, then output. */
    byte[] transform(CFunction function, long session, byte[] input) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Math.max(1, input.length));
            MemorySegment.copy(input, 0, in, ValueLayout.JAVA_BYTE, 0, input.length);
            try {
                return collect(
                        function,
                        input.length,
                        (out, length) -> library.call(function, session, in.address(), input.length, out, length, 0));
            } finally {
                in.fill((byte) 0);
            }
        }
    }

    /** A function of the shape of C_SignFinal: output only. */
    byte[] finish(CFunction function, long session) throws CryptokiException {
        return collect(function, 0, (out, length) -> library.call(function, session, out, length, 0));
    }

    byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = MechanismParameters.struct(
                    MechanismParameters.checked(CFunction.WRAP_KEY.cName(), mechanism), arena);
            return collect(
                    CFunction.WRAP_KEY,
                    0,
                    (out, length) ->
                            library.call(CFunction.WRAP_KEY, session, how.address(), wrappingKey, key, out, length));
        }
    }

    long[] findObjects(long session, int max) throws CryptokiException {
        OutputLimit.check(CFunction.FIND_OBJECTS, max * ULONG.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handles = arena.allocate(ULONG, Math.max(1, max));
            MemorySegment count = arena.allocate(ULONG);
            library.check(CFunction.FIND_OBJECTS, session, handles.address(), max, count.address());
            long found = count.get(ULONG, 0);
            if (found < 0 || found > max) {
                throw OutputLimit.exceeded(CFunction.FIND_OBJECTS, found);
            }
            return handles.asSlice(0, found * ULONG.byteSize()).toArray(ULONG);
        }
    }

    private interface Writer {
        /** Gets two addresses. */
        long write(long output, long length) throws CryptokiException;
    }

    /** Tries again with more room as long as the module asks for it: the operation stays active (PKCS#11 v3.1 §5.2). */
    private static byte[] collect(CFunction function, long inputLength, Writer writer) throws CryptokiException {
        long capacity = Math.min(OutputLimit.MAX_BYTES, inputLength + USUAL_RESULT);
        while (true) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment output = arena.allocate(capacity);
                MemorySegment length = arena.allocateFrom(ULONG, capacity);
                try {
                    long returned = writer.write(output.address(), length.address());
                    long claimed = length.get(ULONG, 0);
                    if (returned != CKR.BUFFER_TOO_SMALL) {
                        function.check(returned);
                        return taken(function, output, claimed);
                    }
                    capacity = grown(function, capacity, claimed);
                } finally {
                    output.fill((byte) 0);
                }
            }
        }
    }

    private static byte[] taken(CFunction function, MemorySegment output, long length) throws CryptokiException {
        if (length < 0 || length > output.byteSize()) {
            throw OutputLimit.exceeded(function, length);
        }
        return output.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** What the module asks for when that can be true; some ask for less than they then need. */
    private static long grown(CFunction function, long capacity, long claimed) throws CryptokiException {
        if (capacity == OutputLimit.MAX_BYTES) {
            throw OutputLimit.exceeded(function, claimed);
        }
        boolean credible = claimed > capacity && claimed <= OutputLimit.MAX_BYTES;
        return credible ? claimed : Math.min(OutputLimit.MAX_BYTES, capacity * GROWTH);
    }
}
