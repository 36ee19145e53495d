package org.tokend.pkcs11.session;

import java.time.Duration;

/**
 * @param maxSessions how many sessions may be open at once; the token's own limit counts too
 * @param readWrite open read-write sessions where read-only ones would do
 * @param patience how long to wait for a free session
 * @param pause at most, between two signatures of a run
 */
public record SessionLimits(int maxSessions, boolean readWrite, Duration patience, Duration pause) {
    int seats(TokenSlot slot) {
        long own = slot.info().maxSessionCount();
        return (int) Math.max(1, own > 0 ? Math.min(own, maxSessions) : maxSessions);
    }
}
