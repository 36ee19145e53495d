package org.tokend.smime.profile;

import java.io.IOException;

/** A profile that does not exist, or that names a certificate which does not do. */
public final class ProfileException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        PROFILE_MISSING,
        PROFILE_NAME_INVALID,
        /** The certificate is on no token that is here. */
        PROFILE_KEY_MISSING,
        /** It expired, or is not made for what the profile wants of it. */
        PROFILE_CERT_INVALID
    }

    private final Reason reason;

    public ProfileException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
