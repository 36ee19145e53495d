package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.token.FoundKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Reply;

/** What one request wants of a key, decoded in full. */
interface KeyTask {

    KeyUse use();

    AuditEntry.Event event();

    /** What the person is told that the key is to do; our words. */
    default String action() {
        return use().what().action();
    }

    /** For the record, in our words; null where the event says it all. */
    default @Nullable String detail() {
        return null;
    }

    /** Whether signatures are verified before release; null where there is no signature. */
    default @Nullable Boolean verified() {
        return null;
    }

    /** Whether a right result of this task proves by itself that the token holds the key. */
    default boolean provesPossession() {
        return false;
    }

    /** Refuses by what anybody can see, before a person is asked or a token used. */
    void check(KeyDescriptor key) throws RefusalException;

    /** @param pin for keys that ask each time, else null */
    Reply run(FoundKey found, @Nullable MemorySegment pin)
            throws TokenException, RefusalException, Decryptor.UndecryptableException;
}
