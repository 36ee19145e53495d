package org.tokend.pkcs11.application;

import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/**
 * CKM_RSA_PKCS_OAEP with its parameter.
 *
 * @param hash JCA name
 * @param mask JCA name of the hash within MGF1
 */
record OaepScheme(String hash, String mask, byte[] label) {
    static OaepScheme of(Mechanism mechanism) throws CryptokiException {
        if (mechanism.type() != CKM.RSA_PKCS_OAEP || !(mechanism.parameter() instanceof Mechanism.Oaep oaep)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        String hash = Hashes.named(oaep.hash());
        String mask = Hashes.ofMask(oaep.mgf());
        if (hash == null || hash.equals("MD5") || mask == null) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        return new OaepScheme(hash, mask, oaep.label());
    }

    boolean sameMask() {
        return hash.equals(mask);
    }
}
