package org.tokend.pkcs11.key;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyType;

/**
 * A private-key object as its attributes describe it.
 *
 * @param handle of the generation in which it was read
 * @param type null for an elliptic-curve key whose curve the token does not tell
 * @param modulus of an RSA key, or null where it is not told
 * @param own the public key, where the attributes of this very object tell it
 */
public record PrivateKeyObject(
        long handle,
        byte[] id,
        String label,
        @Nullable KeyType type,
        @Nullable BigInteger modulus,
        @Nullable PublicKeyInfo own,
        KeyUsage usage,
        boolean alwaysAuthenticate) {

    /** Whether the public key can be the other half of this one, as far as the attributes tell. */
    boolean fits(PublicKeyInfo publicKey) {
        return own != null
                ? own.equals(publicKey)
                : modulus != null ? modulus.equals(publicKey.modulus()) : type == null || type == publicKey.type();
    }

    @Override
    public String toString() {
        return "PrivateKeyObject[" + handle + ", " + type + ", " + label + "]";
    }
}
