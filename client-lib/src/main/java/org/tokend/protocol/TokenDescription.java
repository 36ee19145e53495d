package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A token as programs and people see it.
 *
 * @param uri RFC 7512 URI with token, manufacturer, model and serial
 * @param module name of the PKCS#11 module as the configuration calls it
 * @param problem one sentence why the token cannot be used, or null
 */
public record TokenDescription(
        String uri,
        String label,
        String manufacturer,
        String model,
        String serial,
        String module,
        State state,
        Tries tries,
        boolean pinPad,
        int keys,
        @Nullable String problem) {

    public enum State {
        ABSENT,
        LOCKED,
        UNLOCKED,
        /** Nobody has to log in to use this token. */
        OPEN,
        PIN_LOCKED,
        FAILED
    }

    /** What is known of the PIN tries left. */
    public enum Tries {
        UNKNOWN,
        FULL,
        LOW,
        LAST,
        NONE
    }
}
