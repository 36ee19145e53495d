package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A C function whose arguments and result are words, that is integers or addresses, and at most six: most of the C library
 * and of PKCS#11.
 *
 * <p>All are called in one and the same shape. A shape of its own for each signature costs a start of the JVM some 8 ms and
 * some hundred KiB of generated classes, twenty times over. The conventions of x86-64 and AArch64 allow it: words travel in
 * the same registers whatever their type, and a function does not look at those that it does not take. Declared as variadic,
 * the call also says that no vector register is used, which fcntl(2) and prctl(2) want to hear on x86-64.
 *
 * <p>An address is only a number here: the memory must be kept alive by the caller while the call runs.
 */
public final class NativeFunction {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD, WORD);
    private static final MethodHandle CALL =
            LINKER.downcallHandle(SHAPE, Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));

    /** Made when first needed, in some 4 ms. */
    private static final class WithoutErrno {
        static final MethodHandle CALL = LINKER.downcallHandle(SHAPE, Linker.Option.firstVariadicArg(1));
    }

    private final MemorySegment address;

    private NativeFunction(MemorySegment address) {
        this.address = address;
    }

    public static NativeFunction at(MemorySegment address) {
        return new NativeFunction(address);
    }

    public static NativeFunction ofLibc(String name) {
        return new NativeFunction(LINKER.defaultLookup().findOrThrow(name));
    }

    /** Memory for what {@link #errno} reads; one for each thread that calls. */
    public static MemorySegment state(Arena arena) {
        return arena.allocate(CAPTURED);
    }

    /** errno after the last call with this state. */
    public static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** @return what the function returned; of an int function only the lower half means something */
    public long call(MemorySegment state, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(address, state, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /**
     * For what is asked a thousand times within a millisecond. Each call with errno leaves an object behind, unless it was compiled by
     * C2 from a profile of its own, which neither a module host's calls are nor those that tokend's class cache tells to compile at once.
     */
    int look(long a, long b, long c, long d) {
        try {
            return (int) (long) WithoutErrno.CALL.invokeExact(address, a, b, c, d, 0L, 0L);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    public long call(MemorySegment state, long a, long b, long c, long d) {
        return call(state, a, b, c, d, 0, 0);
    }

    public long call(MemorySegment state, long a, long b, long c) {
        return call(state, a, b, c, 0, 0, 0);
    }

    public long call(MemorySegment state, long a, long b) {
        return call(state, a, b, 0, 0, 0, 0);
    }

    public long call(MemorySegment state, long a) {
        return call(state, a, 0, 0, 0, 0, 0);
    }

    /** Of what C returns as an int. */
    public int callInt(MemorySegment state, long a, long b, long c, long d) {
        return (int) call(state, a, b, c, d, 0, 0);
    }

    public int callInt(MemorySegment state, long a, long b, long c) {
        return (int) call(state, a, b, c, 0, 0, 0);
    }

    public int callInt(MemorySegment state, long a, long b) {
        return (int) call(state, a, b, 0, 0, 0, 0);
    }

    public int callInt(MemorySegment state, long a) {
        return (int) call(state, a, 0, 0, 0, 0, 0);
    }

    /** A call cannot throw anything that a caller could handle. */
    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a native call threw", thrown);
    }
}
