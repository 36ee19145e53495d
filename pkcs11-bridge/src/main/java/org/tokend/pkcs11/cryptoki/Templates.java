package org.tokend.pkcs11.cryptoki;

import java.util.List;

/** What holds for attribute templates whatever the wrapper. */
final class Templates {
    /** CKF_ARRAY_ATTRIBUTE marks arrays; of those only CKA_ALLOWED_MECHANISMS is an array of numbers. */
    private static final long ARRAY_ATTRIBUTE = 0x40000000L;

    private Templates() {}

    /** Whether the value holds pointers to further attributes, which mean nothing outside the process. */
    static boolean isNested(long type) {
        return (type & 0xffffffffL & ARRAY_ATTRIBUTE) != 0
                && type != CKA.ALLOWED_MECHANISMS
                && (type & 0x80000000L) == 0;
    }

    /** @throws CryptokiException for a nested template: its bytes would be taken for pointers */
    static List<Attribute> checked(String function, List<Attribute> template) throws CryptokiException {
        for (Attribute attribute : template) {
            if (isNested(attribute.type())) {
                throw new CryptokiException(function, CKR.ATTRIBUTE_TYPE_INVALID);
            }
        }
        return template;
    }
}
