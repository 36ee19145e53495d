package org.tokend.smime.cms;

import java.io.IOException;
import java.util.List;

/** The message was not decrypted. */
public final class DecryptionException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** The bytes are no CMS message, or break off. */
        MALFORMED,
        /** CMS, but not encrypted, or in a way that is not supported. */
        UNSUPPORTED,
        /** No key on any token is a recipient. */
        NOT_A_RECIPIENT,
        /** A key was a recipient, and what came out is not the content. Deliberately says no more (RFC 8551 §6, EFAIL). */
        FAILED
    }

    private final Reason reason;
    private final transient List<String> details;

    public DecryptionException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    DecryptionException(Reason reason, String message, List<String> details) {
        super(message);
        this.reason = reason;
        this.details = List.copyOf(details);
    }

    /** One message for every way in which a content key can be wrong, and no cause that would tell them apart. */
    static DecryptionException failed() {
        return new DecryptionException(
                Reason.FAILED,
                "the message could not be decrypted: it was damaged on the way, or encrypted wrongly; ask the sender to send"
                        + " it again");
    }

    public Reason reason() {
        return reason;
    }

    public List<String> details() {
        return details;
    }
}
