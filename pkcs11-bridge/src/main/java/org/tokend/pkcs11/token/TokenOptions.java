package org.tokend.pkcs11.token;

import java.time.Duration;

/**
 * @param maxSessions how many sessions a token may have open at once; 0 for what module and token allow
 * @param patience how long a request waits for a session
 */
public record TokenOptions(int maxSessions, Duration patience) {
    public static final TokenOptions DEFAULT = new TokenOptions(0, Duration.ofSeconds(30));
}
