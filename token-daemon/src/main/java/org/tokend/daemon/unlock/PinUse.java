package org.tokend.daemon.unlock;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;

/** The one operation that a PIN was asked for. */
@FunctionalInterface
public interface PinUse<T> {
    /** @param pin off-heap bytes, zeroed as soon as this returns; null at a PIN pad */
    T use(@Nullable MemorySegment pin) throws TokenException;
}
