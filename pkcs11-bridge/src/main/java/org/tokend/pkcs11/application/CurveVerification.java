package org.tokend.pkcs11.application;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Signatures of elliptic curves. */
final class CurveVerification {
    /** The JDK takes no longer digest; no hash function makes one. */
    private static final int LONGEST_DIGEST = 64;

    private static final int ED25519_LENGTH = 64;

    private CurveVerification() {}

    static boolean ecdsa(PublicKey key, byte[] data, byte[] signature) throws CryptokiException {
        int order = (((ECPublicKey) key).getParams().getOrder().bitLength() + 7) / 8;
        requireLength(signature, 2 * order);
        if (data.length == 0 || data.length > LONGEST_DIGEST && order > LONGEST_DIGEST) {
            throw Refusal.of(CKR.DATA_LEN_RANGE);
        }
        byte[] digest = data.length > order ? Arrays.copyOf(data, order) : data;
        return verifies("NONEwithECDSAinP1363Format", key, digest, signature);
    }

    static boolean ed25519(PublicKey key, byte[] message, byte[] signature) throws CryptokiException {
        requireLength(signature, ED25519_LENGTH);
        return verifies("Ed25519", key, message, signature);
    }

    private static void requireLength(byte[] signature, int length) throws CryptokiException {
        if (signature.length != length) {
            throw Refusal.of(CKR.SIGNATURE_LEN_RANGE);
        }
    }

    private static boolean verifies(String algorithm, PublicKey key, byte[] data, byte[] signature)
            throws CryptokiException {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw Refusal.of(CKR.KEY_TYPE_INCONSISTENT);
        }
    }
}
