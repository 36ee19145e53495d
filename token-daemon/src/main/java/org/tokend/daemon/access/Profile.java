package org.tokend.daemon.access;

import java.util.Set;
import org.tokend.pkcs11.cryptoki.CKM;

/** Which part of PKCS#11 an application is shown. */
public enum Profile {
    /** For programs that use keys. What holds when no rule says otherwise. */
    MAIL,
    /** All that the token has and tokend can do with it, without changing it. */
    GENERIC,
    /** Changes to tokens and PINs as well. */
    MANAGE;

    /**
     * With block ciphers on a token NSS unwraps the content key there and then sends whole mails through it; with raw RSA a
     * program could sidestep every padding that is checked.
     */
    private static final Set<Long> NOT_FOR_MAIL = Set.of(
            CKM.RSA_X_509,
            CKM.DES_ECB,
            CKM.DES_CBC,
            CKM.DES_CBC_PAD,
            CKM.DES3_ECB,
            CKM.DES3_CBC,
            CKM.DES3_CBC_PAD,
            CKM.AES_ECB,
            CKM.AES_CBC,
            CKM.AES_CBC_PAD,
            CKM.AES_CTR,
            CKM.AES_GCM,
            CKM.AES_CCM,
            CKM.AES_OFB,
            CKM.AES_CFB128,
            CKM.AES_KEY_WRAP,
            CKM.AES_KEY_WRAP_PAD);

    boolean offers(long mechanism) {
        return this != MAIL || !NOT_FOR_MAIL.contains(mechanism);
    }
}
