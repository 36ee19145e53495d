package org.tokend.pkcs11.session;

import java.time.Duration;

/**
 * @param maxSessions how many sessions may be open at once; the token's own limit counts too
 * @param readWrite open read-write sessions where read-only ones would do
 * @param patience how long to wait for a free session
 */
public record SessionLimits(int maxSessions, boolean readWrite, Duration patience) {
    int seats(TokenSlot slot) {
        long own = slot.info().maxSessionCount();
        return (int) Math.max(1, own > 0 ? Math.min(own, maxSessions) : maxSessions);
    }
}
