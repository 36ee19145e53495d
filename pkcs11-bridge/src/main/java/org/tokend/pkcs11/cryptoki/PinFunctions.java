package org.tokend.pkcs11.cryptoki;

import java.lang.foreign.Arena;
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
    private static final int LABEL_LENGTH = 32;

    private final ModuleLibrary library;

    PinFunctions(ModuleLibrary library) {
        this.library = library;
    }

    void login(long session, long userType, @Nullable MemorySegment pin) throws CryptokiException {
        library.check(CFunction.LOGIN, session, userType, address(pin), length(pin));
    }

    void initPin(long session, @Nullable MemorySegment pin) throws CryptokiException {
        library.check(CFunction.INIT_PIN, session, address(pin), length(pin), 0);
    }

    void setPin(long session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin) throws CryptokiException {
        library.check(CFunction.SET_PIN, session, address(oldPin), length(oldPin), address(newPin), length(newPin));
    }

    void initToken(long slot, @Nullable MemorySegment pin, String label) throws CryptokiException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, padded(label));
            library.check(CFunction.INIT_TOKEN, slot, address(pin), length(pin), text.address());
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

    private static long address(@Nullable MemorySegment pin) {
        return pin == null ? 0 : pin.address();
    }

    private static long length(@Nullable MemorySegment pin) {
        return pin == null ? 0 : pin.byteSize();
    }
}
