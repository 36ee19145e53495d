package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.linux.DynamicLoader;
import org.tokend.pkcs11.linux.NativeFunction;

/**
 * A module file, opened and initialised. The wrappers open the same file again and get the same library, so that what goes
 * by pointer here and what goes through a wrapper happen in one and the same module.
 */
final class ModuleLibrary implements AutoCloseable {
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;

    /** Modules answer with a CK_RV; what they leave in errno is never read, so all threads may write it to one place. */
    private static final MemorySegment UNREAD_ERRNO = NativeFunction.state(Arena.global());

    /** CK_C_INITIALIZE_ARGS: four mutex functions, the flags, pReserved. */
    private static final long ARGS_FLAGS = 32;

    private static final long ARGS_RESERVED = 40;
    private static final long ARGS_SIZE = 48;

    /** CK_FUNCTION_LIST: the version and its padding, then one pointer for each of the 68 functions of v2.x. */
    private static final long FIRST_FUNCTION = 8;

    private static final long FUNCTION_LIST_SIZE = FIRST_FUNCTION + 68 * ValueLayout.ADDRESS.byteSize();

    private final Arena arena;
    private final MemorySegment functions;
    private final boolean initialisedHere;
    private final boolean threadSafe;

    private ModuleLibrary(Arena arena, Path file, @Nullable String reserved) throws CryptokiException {
        this.arena = arena;
        this.functions = functionList(arena, file);
        long returned = initialise(reserved, CKF.OS_LOCKING_OK);
        boolean locking = returned == CKR.OK;
        if (returned != CKR.OK && returned != CKR.CRYPTOKI_ALREADY_INITIALIZED) {
            // Modules without locks refuse the flag, each with a code of its own: CANT_LOCK, NEED_TO_CREATE_THREADS,
            // ARGUMENTS_BAD.
            returned = initialise(reserved, 0);
        }
        if (returned != CKR.OK && returned != CKR.CRYPTOKI_ALREADY_INITIALIZED) {
            throw new CryptokiException("C_Initialize", returned);
        }
        this.initialisedHere = returned == CKR.OK;
        this.threadSafe = locking;
    }

    /** @param reserved what C_Initialize gets as pReserved; NSS's softokn wants its parameters there */
    static ModuleLibrary open(Path file, @Nullable String reserved) throws CryptokiException {
        Arena arena = Arena.ofShared();
        try {
            return new ModuleLibrary(arena, file, reserved);
        } catch (CryptokiException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static MemorySegment functionList(Arena arena, Path file) throws CryptokiException {
        MemorySegment getFunctionList;
        try {
            getFunctionList = SymbolLookup.libraryLookup(file, arena).findOrThrow(CFunction.GET_FUNCTION_LIST.cName());
        } catch (IllegalArgumentException e) {
            throw notLoadable("cannot load " + inLoadersWords(file));
        } catch (NoSuchElementException e) {
            throw notLoadable(file + " is no PKCS#11 module: it has no " + CFunction.GET_FUNCTION_LIST.cName());
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment list = call.allocate(ValueLayout.ADDRESS);
            long returned = NativeFunction.at(getFunctionList).call(UNREAD_ERRNO, list.address());
            MemorySegment functions = list.get(ValueLayout.ADDRESS, 0);
            if (returned != CKR.OK || functions.address() == 0) {
                CFunction.GET_FUNCTION_LIST.check(returned == CKR.OK ? CKR.GENERAL_ERROR : returned);
            }
            return functions.reinterpret(FUNCTION_LIST_SIZE, arena, null);
        }
    }

    private static CryptokiException notLoadable(String why) {
        return new CryptokiException(CFunction.GET_FUNCTION_LIST.cName(), CKR.GENERAL_ERROR, why);
    }

    private static String inLoadersWords(Path file) {
        String complaint = String.valueOf(DynamicLoader.complaint(file));
        return complaint.startsWith(file + ":") ? complaint : file + ": " + complaint;
    }

    private long initialise(@Nullable String reserved, long flags) throws CryptokiException {
        MemorySegment args = MemorySegment.NULL;
        if (flags != 0 || reserved != null) {
            // Kept as long as the library: nothing forbids a module to look at pReserved later.
            args = arena.allocate(ARGS_SIZE, ULONG.byteAlignment());
            args.set(ULONG, ARGS_FLAGS, flags);
            if (reserved != null) {
                args.set(ValueLayout.ADDRESS, ARGS_RESERVED, arena.allocateFrom(reserved));
            }
        }
        return call(CFunction.INITIALIZE, args.address(), 0, 0, 0);
    }

    /** @throws CryptokiException unless the module answers CKR_OK */
    void check(CFunction function, long a, long b, long c, long d) throws CryptokiException {
        check(function, a, b, c, d, 0);
    }

    void check(CFunction function, long a, long b, long c, long d, long e) throws CryptokiException {
        function.check(call(function, a, b, c, d, e, 0));
    }

    /** What the module answers. Addresses must stay valid until then. */
    long call(CFunction function, long a, long b, long c, long d) throws CryptokiException {
        return call(function, a, b, c, d, 0, 0);
    }

    long call(CFunction function, long a, long b, long c, long d, long e, long f) throws CryptokiException {
        return NativeFunction.at(pointer(function)).call(UNREAD_ERRNO, a, b, c, d, e, f);
    }

    /** @throws CryptokiException CKR_FUNCTION_NOT_SUPPORTED when the module leaves the pointer empty */
    private MemorySegment pointer(CFunction function) throws CryptokiException {
        MemorySegment pointer =
                functions.get(ValueLayout.ADDRESS, FIRST_FUNCTION + function.index() * ValueLayout.ADDRESS.byteSize());
        if (pointer.address() == 0) {
            throw new CryptokiException(function.cName(), CKR.FUNCTION_NOT_SUPPORTED);
        }
        return pointer;
    }

    /** Whether the module took CKF_OS_LOCKING_OK, so that its functions may be called by several threads at once. */
    boolean threadSafe() {
        return threadSafe;
    }

    /** Finalizes the module if it was initialised here, and lets go of the file. */
    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try {
            if (initialisedHere) {
                // What it returns changes nothing: nobody will call the module again.
                long ignored = call(CFunction.FINALIZE, 0, 0, 0, 0);
            }
        } catch (CryptokiException e) {
            // It has no C_Finalize, so there is nothing that it wants to be told.
            return;
        } finally {
            arena.close();
        }
    }
}
