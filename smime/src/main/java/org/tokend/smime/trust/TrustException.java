package org.tokend.smime.trust;

import java.io.IOException;

/** A root was not taken. */
public final class TrustException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        POLICY_LOCKED,
        /** The fingerprint given is not the certificate's. */
        FINGERPRINT_DIFFERS,
        /** The file holds none, or more than one certificate. */
        NOT_ONE_CERTIFICATE,
        NOT_A_ROOT,
        EXPIRED,
        NOT_TRUSTED_HERE
    }

    private final Reason reason;

    public TrustException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
