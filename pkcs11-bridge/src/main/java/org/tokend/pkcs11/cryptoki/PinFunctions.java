package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The functions that take a PIN, called by pointer. Both wrappers take a char[] and leave copies of it behind in the heap
 * and in freed C memory; here the module reads the caller's own off-heap bytes and nothing is copied.
 */
final class PinFunctions {
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;
    private static final int LABEL_LENGTH = 32;

    private final ModuleLibrary library;

    PinFunctions(ModuleLibrary library) {
        this.library = library;
    }

    void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException {
        var login = library.function(
                CFunction.LOGIN, FunctionDescriptor.of(ULONG, ULONG, ULONG, ValueLayout.ADDRESS, ULONG));
        try {
            check(CFunction.LOGIN, (long) login.invokeExact(session, userType, pointer(pin), length(pin)));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException {
        var initPin =
                library.function(CFunction.INIT_PIN, FunctionDescriptor.of(ULONG, ULONG, ValueLayout.ADDRESS, ULONG));
        try {
            check(CFunction.INIT_PIN, (long) initPin.invokeExact(session, pointer(pin), length(pin)));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin) throws CryptokiException {
        var setPin = library.function(
                CFunction.SET_PIN,
                FunctionDescriptor.of(ULONG, ULONG, ValueLayout.ADDRESS, ULONG, ValueLayout.ADDRESS, ULONG));
        try {
            check(CFunction.SET_PIN, (long)
                    setPin.invokeExact(session, pointer(oldPin), length(oldPin), pointer(newPin), length(newPin)));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException {
        byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LABEL_LENGTH) {
            throw new CryptokiException(CFunction.INIT_TOKEN.cName(), CKR.ARGUMENTS_BAD);
        }
        byte[] padded = Arrays.copyOf(bytes, LABEL_LENGTH);
        Arrays.fill(padded, bytes.length, LABEL_LENGTH, (byte) ' ');
        var initToken = library.function(
                CFunction.INIT_TOKEN,
                FunctionDescriptor.of(ULONG, ULONG, ValueLayout.ADDRESS, ULONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, padded);
            check(CFunction.INIT_TOKEN, (long) initToken.invokeExact(slot, pointer(pin), length(pin), text));
        } catch (Throwable e) {
            throw ModuleLibrary.rethrown(e);
        }
    }

    private static MemorySegment pointer(@Nullable MemorySegment pin) {
        return pin == null ? MemorySegment.NULL : pin;
    }

    private static long length(@Nullable MemorySegment pin) {
        return pin == null ? 0 : pin.byteSize();
    }

    private static void check(CFunction function, long returned) throws CryptokiException {
        ModuleLibrary.check(function.cName(), returned);
    }
}
