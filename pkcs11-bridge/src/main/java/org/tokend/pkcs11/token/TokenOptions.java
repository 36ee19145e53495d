package org.tokend.pkcs11.token;

import java.time.Duration;

/**
 * @param maxSessions how many sessions a token may have open at once; 0 for what module and token allow
 * @param patience how long a request waits for a session
 * @param pause at most, between two signatures of a run, from begin to begin: for the next of it C_SignInit is called ahead
 */
public record TokenOptions(int maxSessions, Duration patience, Duration pause) {
    /** Cards take longer for a signature than a run allows: they gain little, and some lose the login in a second session. */
    public static final TokenOptions DEFAULT = new TokenOptions(0, Duration.ofSeconds(30), Duration.ofMillis(100));

    public TokenOptions withMaxSessions(int most) {
        return new TokenOptions(most, patience, pause);
    }
}
