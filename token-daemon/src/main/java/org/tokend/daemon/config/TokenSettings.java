package org.tokend.daemon.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What differs for one token, or for all that its URI matches.
 *
 * @param uri {@code pkcs11:} URI with token attributes
 * @param idleLock null: as in [pin]
 * @param absoluteLock null: as in [pin]
 */
public record TokenSettings(
        String uri,
        @Nullable PinSource pinSource,
        @Nullable Duration idleLock,
        @Nullable Duration absoluteLock) {}
