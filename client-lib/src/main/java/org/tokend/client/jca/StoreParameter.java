package org.tokend.client.jca;

import java.nio.file.Path;
import java.security.KeyStore;
import org.jspecify.annotations.Nullable;

/**
 * What {@code KeyStore.load} can be told.
 *
 * @param socket tokend's socket, or null for the provider's
 * @param token {@code pkcs11:} URI of the only token to look at, or null for all
 * @param purpose what the person is told when a key of this store is used; at most 200 characters
 */
public record StoreParameter(
        @Nullable Path socket, @Nullable String token, String purpose) implements KeyStore.LoadStoreParameter {
    /** There is nothing to protect: tokend asks the person. */
    @Override
    public KeyStore.@Nullable ProtectionParameter getProtectionParameter() {
        return null;
    }
}
