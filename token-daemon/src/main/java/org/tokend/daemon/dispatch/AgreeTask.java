package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.token.FoundKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Reply;

/** Raw ECDH. The bridge checks that the other side's point lies on the key's curve. */
record AgreeTask(Agree request) implements KeyTask {
    @Override
    public KeyUse use() {
        return new KeyUse(Algorithm.ECDH, KeyUse.What.AGREEMENT, request.purpose());
    }

    @Override
    public AuditEntry.Event event() {
        return AuditEntry.Event.AGREE;
    }

    @Override
    public void check(KeyDescriptor key) {}

    @Override
    public Reply run(FoundKey found, @Nullable MemorySegment pin) throws TokenException {
        return new Reply.SharedSecret(found.token().agree(found.key(), request.publicKey(), pin));
    }
}
