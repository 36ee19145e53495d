package org.tokend.daemon.dispatch;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.token.Descriptions;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;

/**
 * Signs, and releases only what verifies.
 *
 * @param verifier null when the configuration switches verification off
 */
record SignTask(Sign request, @Nullable SignatureVerifier verifier) implements KeyTask {
    /** What EMSA-PKCS1-v1_5 adds at least (RFC 8017 §9.2). */
    private static final int PKCS1_OVERHEAD = 11;

    @Override
    public KeyUse use() {
        return new KeyUse(request.algorithm(), KeyUse.What.PLAIN_DIGEST, request.purpose());
    }

    @Override
    public AuditEntry.Event event() {
        return AuditEntry.Event.SIGN;
    }

    @Override
    public Boolean verified() {
        return verifier != null;
    }

    @Override
    public boolean provesPossession() {
        return verifier != null;
    }

    @Override
    public void check(KeyDescriptor key) throws RefusalException {
        int longest = (key.bits() + 7) / 8 - PKCS1_OVERHEAD;
        if (request.algorithm() == Algorithm.RSA_PKCS1_RAW
                && key.type() == KeyType.RSA
                && request.input().length > longest) {
            throw new RefusalException(
                    ErrorCode.INVALID_REQUEST,
                    "input has " + request.input().length + " bytes; with this key rsa-pkcs1-raw signs at most "
                            + longest);
        }
        int expected = request.algorithm().digestLength();
        if (expected != 0 && request.input().length != expected) {
            throw new RefusalException(
                    ErrorCode.INVALID_REQUEST,
                    "input has " + request.input().length + " bytes; for "
                            + request.algorithm().wireName() + " it must be the digest of " + expected + " bytes");
        }
    }

    @Override
    public Reply run(FoundKey found, @Nullable MemorySegment pin) throws TokenException {
        long generation = found.token().generation();
        byte[] signature =
                found.token().sign(found.key(), Descriptions.algorithm(request.algorithm()), request.input(), pin);
        if (verifier != null && !verifier.verify(found.key(), request.algorithm(), request.input(), signature)) {
            found.token().distrust(generation, "a signature did not verify");
            throw new TokenException.WrongResult(
                    "the token " + found.token().identity().uri()
                            + " returned a signature that does not verify with the key "
                            + found.key().fingerprint()
                            + "; it was not released");
        }
        return new Reply.Signature(signature);
    }
}
