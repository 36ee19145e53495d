package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.EncryptedKey;
import org.tokend.daemon.token.FoundKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

/** Decrypts one RSA block. */
record DecryptTask(Decrypt request, Decryptor decryptor) implements KeyTask, RationedTask {
    @Override
    public KeyUse use() {
        return new KeyUse(request.algorithm(), KeyUse.What.CIPHERTEXT, request.purpose());
    }

    @Override
    public AuditEntry.Event event() {
        return AuditEntry.Event.DECRYPT;
    }

    @Override
    public byte @Nullable [] rationedCiphertext() {
        return request.algorithm() == Algorithm.RSA_PKCS1 ? request.ciphertext() : null;
    }

    @Override
    public void check(KeyDescriptor key) throws RefusalException {
        int longest = Decryptor.longestPlaintext(key);
        RsaBlocks.check(key, request.ciphertext());
        if (request.length() != Decrypt.ANY_LENGTH && (request.length() < 0 || request.length() > longest)) {
            throw new RefusalException(
                    ErrorCode.INVALID_REQUEST,
                    "length is " + request.length() + "; a block of this key holds at most " + longest);
        }
    }

    @Override
    public Reply run(FoundKey found, @Nullable MemorySegment pin)
            throws TokenException, Decryptor.UndecryptableException {
        return new Reply.Plaintext(decryptor.decrypt(
                found.token(),
                found.key(),
                new EncryptedKey.Transported(request.algorithm(), request.ciphertext()),
                request.length(),
                pin));
    }
}
