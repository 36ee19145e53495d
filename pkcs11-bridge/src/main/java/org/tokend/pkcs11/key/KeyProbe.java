package org.tokend.pkcs11.key;

import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Lets a private key show by what it does which public key is its own, where the token's attributes do not say. */
@FunctionalInterface
public interface KeyProbe {
    /** Knows nothing: no key is ever told apart. */
    KeyProbe NONE = (privateKey, candidates) -> Optional.empty();

    /** The one of the candidates that fits what the private key does; empty when none does or the key cannot be asked. */
    Optional<PublicKeyInfo> find(PrivateKeyObject privateKey, List<PublicKeyInfo> candidates)
            throws TokenException, CryptokiException;
}
