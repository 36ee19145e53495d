package org.tokend.daemon.verification;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import javax.crypto.Cipher;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** RSAVP1 (RFC 8017 §5.2.2): what a signature was made of, padding and all. */
final class RsaRecovery {
    private final KeyedEngines<Cipher> engines;

    RsaRecovery(Provider provider) {
        this.engines = new KeyedEngines<>("RSA", provider, RsaRecovery::engine);
    }

    private static Cipher engine(Provider provider, PublicKey key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", provider);
        cipher.init(Cipher.DECRYPT_MODE, key);
        return cipher;
    }

    /** @return as many bytes as the signature, which has to be as long as the modulus */
    byte[] recover(byte[] subjectPublicKeyInfo, byte[] signature) throws GeneralSecurityException {
        byte[] number;
        try {
            number = engines.use(subjectPublicKeyInfo, cipher -> cipher.doFinal(signature));
        } catch (InvalidKeySpecException | InvalidKeyException e) {
            // Conscrypt takes no exponents of more than 33 bits.
            number = power(subjectPublicKeyInfo, signature);
        }
        byte[] encoded = new byte[signature.length];
        int copied = Math.min(number.length, encoded.length);
        System.arraycopy(number, number.length - copied, encoded, encoded.length - copied, copied);
        return encoded;
    }

    private static byte[] power(byte[] subjectPublicKeyInfo, byte[] signature) throws GeneralSecurityException {
        try {
            if (PublicKeyFactory.createKey(subjectPublicKeyInfo) instanceof RSAKeyParameters key) {
                BigInteger representative = new BigInteger(1, signature);
                if (representative.compareTo(key.getModulus()) < 0) {
                    return representative
                            .modPow(key.getExponent(), key.getModulus())
                            .toByteArray();
                }
            }
        } catch (IOException e) {
            throw new InvalidKeyException(e);
        }
        throw new GeneralSecurityException("not an RSA key, or a signature out of its range");
    }
}
