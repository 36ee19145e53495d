package org.tokend.smime.cms;

import java.io.IOException;

/** The signed message cannot be read as one; about a signature that was read, {@link SignerResult} speaks. */
public final class SignatureException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** The bytes are no CMS message, or break off. */
        MALFORMED,
        /** Encrypted, compressed or of another type. */
        NOT_SIGNED,
        /** SignedData without a signature: it only carries certificates (RFC 8551 §3.8). */
        CERTIFICATES_ONLY,
        /** The signature is detached, and what it signs is not there; or a content where none may be. */
        CONTENT_MISPLACED,
        /** A body says that it is signed, and the signature was taken out on the way. */
        SIGNATURE_MISSING
    }

    private final Reason reason;

    public SignatureException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static SignatureException malformed(Exception cause) {
        SignatureException malformed =
                new SignatureException(Reason.MALFORMED, "the signature is not a whole CMS message; it may be cut off");
        malformed.initCause(cause);
        return malformed;
    }

    public Reason reason() {
        return reason;
    }
}
