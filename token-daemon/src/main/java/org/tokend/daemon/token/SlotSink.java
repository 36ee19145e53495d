package org.tokend.daemon.token;

import java.util.List;
import org.tokend.pkcs11.token.ReaderSlot;

/** Is told how a module's slots look. */
@FunctionalInterface
public interface SlotSink {
    /** For those who do not need slots. */
    SlotSink NONE = (module, generation, slots) -> {};

    /**
     * @param generation of the module: in another one the module's slot ids may have moved
     * @param slots all of the module, in its order
     */
    void seen(String module, long generation, List<ReaderSlot> slots);
}
