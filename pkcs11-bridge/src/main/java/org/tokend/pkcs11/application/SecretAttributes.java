package org.tokend.pkcs11.application;

import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;

/** The attributes that CKA_SENSITIVE and CKA_EXTRACTABLE are about (PKCS#11 v3.1 §4.9, §4.10). */
final class SecretAttributes {
    private SecretAttributes() {}

    static boolean isSecret(long objectClass, long type) {
        if (objectClass == CKO.SECRET_KEY) {
            return type == CKA.VALUE;
        }
        return objectClass == CKO.PRIVATE_KEY && (type == CKA.VALUE || isRsaSecret(type));
    }

    /** As {@link #isSecret(long, long)}, where it is known whether the key is one for RSA: each kind has its own secrets. */
    static boolean isSecret(long objectClass, boolean rsa, long type) {
        if (objectClass == CKO.PRIVATE_KEY) {
            return rsa ? isRsaSecret(type) : type == CKA.VALUE;
        }
        return isSecret(objectClass, type);
    }

    private static boolean isRsaSecret(long type) {
        return type >= CKA.PRIVATE_EXPONENT && type <= CKA.COEFFICIENT;
    }
}
