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
 */
public record AuditEntry(
        Event event,
        @Nullable Caller caller,
        @Nullable String token,
        @Nullable String key,
        @Nullable String algorithm,
        String purpose,
        String outcome,
        @Nullable Boolean verified) {

    public static final String OK = "ok";

    public enum Event {
        START,
        STOP,
        SIGN,
        DECRYPT,
        UNWRAP,
        AGREE,
        GENERATE_KEY,
        IMPORT_KEY,
        IMPORT_CERTIFICATES,
        EXPORT_KEY,
        DELETE_KEY,
        UNLOCK,
        LOCK
    }

    /** About the daemon itself. */
    public static AuditEntry ofDaemon(Event event) {
        return new AuditEntry(event, null, null, null, null, "", OK, null);
    }
}
