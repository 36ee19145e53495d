package org.tokend.pkcs11.operation;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * A key in a session, about to be used once.
 *
 * @param always CKA_ALWAYS_AUTHENTICATE: a login of its own comes between Init and the operation, and nothing else does
 * @param ahead what has begun already, and what shall for the next use
 * @param pin for that login; null at a PIN pad
 */
public record KeyUse(
        Cryptoki cryptoki,
        long session,
        long handle,
        KeyDescriptor key,
        boolean always,
        Ahead ahead,
        @Nullable MemorySegment pin) {

    void authenticate() throws CryptokiException {
        cryptoki.login(session, CKU.CONTEXT_SPECIFIC, pin);
    }

    @Override
    public String toString() {
        return "KeyUse[" + key.fingerprint() + "]";
    }
}
