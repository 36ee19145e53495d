package org.tokend.daemon.unlock;

import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.Caller;
import org.tokend.pkcs11.KeyDescriptor;

/**
 * What the person is told a PIN is for.
 *
 * @param key the key that is to be used, or null when a whole token is unlocked
 * @param action what the key is to do, such as {@code sign} or {@code decrypt}; ours, never the caller's words
 * @param purpose the caller's own words, untrusted; may be empty
 */
public record UnlockReason(Caller caller, @Nullable KeyDescriptor key, String action, String purpose) {}
