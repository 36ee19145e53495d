package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.EncryptedKey;
import org.tokend.daemon.rejection.RecipientInfoReader;
import org.tokend.daemon.token.FoundKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;
import org.tokend.protocol.UnwrapContentKey;

/** Takes the content key out of one RecipientInfo. */
record UnwrapTask(UnwrapContentKey request, Algorithm algorithm, Decryptor decryptor) implements KeyTask, RationedTask {
    private static final int MAX_KEY_LENGTH = 64;

    static UnwrapTask of(UnwrapContentKey request, Decryptor decryptor) throws RefusalException {
        if (request.keyLength() < 1 || request.keyLength() > MAX_KEY_LENGTH) {
            throw new RefusalException(
                    ErrorCode.INVALID_REQUEST,
                    "keyLength is " + request.keyLength() + "; content keys have 1 to " + MAX_KEY_LENGTH + " bytes");
        }
        return new UnwrapTask(request, RecipientInfoReader.algorithm(request.recipientInfo()), decryptor);
    }

    @Override
    public KeyUse use() {
        return new KeyUse(algorithm, KeyUse.What.CONTENT_KEY, request.purpose());
    }

    @Override
    public AuditEntry.Event event() {
        return AuditEntry.Event.UNWRAP;
    }

    @Override
    public byte @Nullable [] rationedCiphertext() {
        return algorithm == Algorithm.RSA_PKCS1 ? request.recipientInfo() : null;
    }

    @Override
    public void check(KeyDescriptor key) throws RefusalException {
        if (RecipientInfoReader.read(request.recipientInfo(), key) instanceof EncryptedKey.Transported transported) {
            RsaBlocks.check(key, transported.ciphertext());
        }
    }

    @Override
    public Reply run(FoundKey found, @Nullable MemorySegment pin)
            throws TokenException, RefusalException, Decryptor.UndecryptableException {
        EncryptedKey encrypted = RecipientInfoReader.read(request.recipientInfo(), found.key());
        return new Reply.ContentKey(
                decryptor.contentKey(found.token(), found.key(), encrypted, request.keyLength(), pin));
    }
}
