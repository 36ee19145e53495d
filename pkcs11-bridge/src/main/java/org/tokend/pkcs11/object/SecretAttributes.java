package org.tokend.pkcs11.object;

import java.util.Set;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;

/** Which values are passed on and never kept. */
final class SecretAttributes {
    private static final long VENDOR_DEFINED = 0x80000000L;

    /** Where an object that is behind a PIN, or may be, carries what the PIN protects. */
    private static final Set<Long> PARTS_OF_KEYS = Set.of(
            CKA.VALUE,
            CKA.PRIVATE_EXPONENT,
            CKA.PRIME_1,
            CKA.PRIME_2,
            CKA.EXPONENT_1,
            CKA.EXPONENT_2,
            CKA.COEFFICIENT,
            CKA.OTP_COUNTER,
            CKA.OTP_TIME);

    private SecretAttributes() {}

    /** @param isPrivate CKA_PRIVATE */
    static boolean contain(long objectClass, boolean isPrivate, long type) {
        if (objectClass == CKO.CERTIFICATE || objectClass == CKO.PUBLIC_KEY || objectClass == CKO.DOMAIN_PARAMETERS) {
            return false;
        }
        boolean key = objectClass != CKO.DATA && !(isVendors(objectClass) && !isPrivate);
        if (!key && !isPrivate) {
            return false;
        }
        // What a vendor keeps in an attribute of a key nobody knows.
        return PARTS_OF_KEYS.contains(type) || isVendors(type);
    }

    private static boolean isVendors(long number) {
        return (number & VENDOR_DEFINED) != 0;
    }
}
