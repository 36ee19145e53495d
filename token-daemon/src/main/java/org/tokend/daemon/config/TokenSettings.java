package org.tokend.daemon.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.uri.Pkcs11Uri;

/**
 * What differs for one token, or for all that its URI matches.
 *
 * @param idleLock null: as in [pin]
 * @param absoluteLock null: as in [pin]
 * @param pinTries wrong PINs in a row that the token allows, where its owner knows; null: what flags and count say
 */
public record TokenSettings(
        Pkcs11Uri uri,
        @Nullable PinSource pinSource,
        @Nullable Duration idleLock,
        @Nullable Duration absoluteLock,
        @Nullable Integer pinTries) {}
