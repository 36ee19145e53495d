package org.tokend.pkcs11.application;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;

/**
 * A slot as all applications of one daemon know it.
 *
 * @param id from 1, never used for another slot
 * @param reader where it is in reality, as it was seen last
 * @param present whether its module shows the slot now and a token is in it
 */
public record ApplicationSlot(long id, ReaderSlot reader, boolean present) {
    public SlotInfo info() {
        return reader.info();
    }

    /** The initialised token in it, or null. */
    public @Nullable Token token() {
        return present ? reader.token() : null;
    }
}
