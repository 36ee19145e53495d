package org.tokend.smime.authority;

/** A CA does not sign this. The message says what, and what to do. */
public final class AuthorityException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why not; one word for scripts. */
    public enum Reason {
        /** The request is not PKCS#10, or its signature is not by the key that it asks for. */
        BAD_REQUEST,
        /** The key is too short or of a kind that is not known. */
        WEAK_KEY,
        /** The request asks for other addresses than were named, or for none. */
        ADDRESS_MISMATCH,
        /** The request wants to be used for something else than mail. */
        WRONG_USAGE,
        /** The certificate would be valid longer than allowed, or than its CA. */
        TOO_LONG,
        /** There is no certificate of the CA, or it is not one of a CA. */
        NO_CA_CERTIFICATE,
        /** The list or certificate is not of this CA. */
        OTHER_CA
    }

    private final Reason reason;

    AuthorityException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
