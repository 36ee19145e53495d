package org.tokend.daemon.dispatch;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.tokend.daemon.access.RefusalException;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.protocol.ErrorCode;

/** What anybody can see of an RSA ciphertext: refused in the open, before the key is used (RFC 8017 §7.2.2, step 1). */
final class RsaBlocks {
    private RsaBlocks() {}

    static void check(KeyDescriptor key, byte[] ciphertext) throws RefusalException {
        int length = (key.bits() + 7) / 8;
        if (key.type() != KeyType.RSA || ciphertext.length != length) {
            throw new RefusalException(
                    ErrorCode.INVALID_REQUEST,
                    "the ciphertext has " + ciphertext.length + " bytes and the key " + key.fingerprint() + " needs "
                            + length + "; it was encrypted to another key");
        }
        if (new BigInteger(1, ciphertext).compareTo(modulus(key)) >= 0) {
            throw new RefusalException(
                    ErrorCode.INVALID_REQUEST,
                    "the ciphertext is out of the range of the key " + key.fingerprint()
                            + "; it was encrypted to another key");
        }
    }

    private static BigInteger modulus(KeyDescriptor key) {
        try {
            return ((RSAKeyParameters) PublicKeyFactory.createKey(key.publicKey())).getModulus();
        } catch (IOException e) {
            throw new IllegalStateException("the catalogue holds a public key that is none", e);
        }
    }
}
