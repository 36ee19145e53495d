package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Takes a key pair and its certificates off a token. Answered by {@link Reply.Done}.
 *
 * @param key {@code pkcs11:} URI or {@code sha256:} fingerprint
 * @param pkcs12 a copy of the key: it is opened, with the passphrase that the person enters, and proved to be this key before anything is
 *     destroyed; null to destroy a key of which no copy is wanted
 */
public record DeleteKey(String key, byte @Nullable [] pkcs12) implements ProvisionRequest {
    @Override
    public String method() {
        return "org.tokend.Token.DeleteKey";
    }
}
