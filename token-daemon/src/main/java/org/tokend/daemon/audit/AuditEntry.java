package org.tokend.daemon.audit;

import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.Caller;

/**
 * One thing that happened. Only what is listed here is ever written: no PIN, no data, no exception's text.
 *
 * @param event what kind of thing
 * @param token URI, or null
 * @param key fingerprint, or null
 * @param algorithm wire name, or null
 * @param purpose the caller's own words
 * @param outcome {@code ok} or the wire name of an error
 * @param verified whether the signature was verified before release; null where there is none
 * @param detail in our words: the PKCS#11 function, or why a login ended; null where the event says it all
 */
public record AuditEntry(
        Event event,
        @Nullable Caller caller,
        @Nullable String token,
        @Nullable String key,
        @Nullable String algorithm,
        String purpose,
        String outcome,
        @Nullable Boolean verified,
        @Nullable String detail) {

    public static final String OK = "ok";

    public enum Event {
        START,
        STOP,
        SIGN,
        DECRYPT,
        UNWRAP,
        AGREE,
        /** A CA's key signed a certificate. */
        ISSUE_CERTIFICATE,
        ISSUE_CRL,
        OPEN_OCCASION,
        CLOSE_OCCASION,
        GENERATE_KEY,
        IMPORT_KEY,
        IMPORT_CERTIFICATES,
        EXPORT_KEY,
        DELETE_KEY,
        /** Somebody asked for a login. */
        UNLOCK,
        /** Somebody asked for its end. */
        LOCK,
        /** A token was logged in, whatever was asked for. */
        LOGIN,
        /** The daemon ended a login. */
        LOGOUT,
        /** An application wanted to change a token or its PINs. */
        MANAGE
    }

    public AuditEntry(
            Event event,
            @Nullable Caller caller,
            @Nullable String token,
            @Nullable String key,
            @Nullable String algorithm,
            String purpose,
            String outcome,
            @Nullable Boolean verified) {
        this(event, caller, token, key, algorithm, purpose, outcome, verified, null);
    }

    /** About a token as a whole. */
    public static AuditEntry ofToken(
            Event event, @Nullable Caller caller, @Nullable String token, String outcome, @Nullable String detail) {
        return new AuditEntry(event, caller, token, null, null, "", outcome, null, detail);
    }

    /** About the daemon itself. */
    public static AuditEntry ofDaemon(Event event) {
        return new AuditEntry(event, null, null, null, null, "", OK, null);
    }
}
