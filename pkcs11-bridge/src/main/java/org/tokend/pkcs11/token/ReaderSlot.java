package org.tokend.pkcs11.token;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.SlotInfo;

/**
 * A slot of a module as it was seen at the last scan.
 *
 * @param module name of the module
 * @param slot the module's own id: moves when the module is started again
 * @param token the initialised token in it; null when it is empty or its token is not initialised
 * @param blank a token is in it that is not initialised yet
 */
public record ReaderSlot(
        String module, long slot, SlotInfo info, @Nullable Token token, boolean blank) {}
