package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The functions that take a PIN, called by pointer. Both wrappers take a char[] and leave copies of it behind in the heap
 * and in freed C memory; here the module reads the caller's own off-heap bytes and nothing is copied.
 */
final class PinFunctions {
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle LOGIN =
            LINKER.downcallHandle(FunctionDescriptor.of(ULONG, ULONG, ULONG, POINTER, ULONG));
    private static final MethodHandle INIT_PIN =
            LINKER.downcallHandle(FunctionDescriptor.of(ULONG, ULONG, POINTER, ULONG));
    private static final MethodHandle SET_PIN =
            LINKER.downcallHandle(FunctionDescriptor.of(ULONG, ULONG, POINTER, ULONG, POINTER, ULONG));
    private static final MethodHandle INIT_TOKEN =
            LINKER.downcallHandle(FunctionDescriptor.of(ULONG, ULONG, POINTER, ULONG, POINTER));
    private static final int LABEL_LENGTH = 32;

    private final ModuleLibrary library;

    PinFunctions(ModuleLibrary library) {
        this.library = library;
    }

    void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException {
        MemorySegment login = library.pointer(CFunction.LOGIN);
        try {
            CFunction.LOGIN.check((long) LOGIN.invokeExact(login, session, userType, pointer(pin), length(pin)));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException {
        MemorySegment initPin = library.pointer(CFunction.INIT_PIN);
        try {
            CFunction.INIT_PIN.check((long) INIT_PIN.invokeExact(initPin, session, pointer(pin), length(pin)));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin) throws CryptokiException {
        MemorySegment setPin = library.pointer(CFunction.SET_PIN);
        try {
            CFunction.SET_PIN.check((long) SET_PIN.invokeExact(
                    setPin, session, pointer(oldPin), length(oldPin), pointer(newPin), length(newPin)));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException {
        MemorySegment initToken = library.pointer(CFunction.INIT_TOKEN);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, padded(label));
            CFunction.INIT_TOKEN.check((long) INIT_TOKEN.invokeExact(initToken, slot, pointer(pin), length(pin), text));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    private static byte[] padded(String label) throws CryptokiException {
        byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LABEL_LENGTH) {
            throw new CryptokiException(CFunction.INIT_TOKEN.cName(), CKR.ARGUMENTS_BAD);
        }
        byte[] padded = Arrays.copyOf(bytes, LABEL_LENGTH);
        Arrays.fill(padded, bytes.length, LABEL_LENGTH, (byte) ' ');
        return padded;
    }

    private static MemorySegment pointer(@Nullable MemorySegment pin) {
        return pin == null ? MemorySegment.NULL : pin;
    }

    private static long length(@Nullable MemorySegment pin) {
        return pin == null ? 0 : pin.byteSize();
    }
}
