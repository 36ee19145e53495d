package org.tokend.pkcs11.application;

import java.util.Set;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;

/** How the value of an attribute is written, as far as it matters here. */
enum AttributeForm {
    BOOLEAN,
    NUMBER,
    DATE,
    BYTES;

    private static final int DATE_LENGTH = 8;

    private static final Set<Long> BOOLEANS = Set.of(
            CKA.TOKEN,
            CKA.PRIVATE,
            CKA.MODIFIABLE,
            CKA.COPYABLE,
            CKA.DESTROYABLE,
            CKA.TRUSTED,
            CKA.SENSITIVE,
            CKA.EXTRACTABLE,
            CKA.ALWAYS_SENSITIVE,
            CKA.NEVER_EXTRACTABLE,
            CKA.LOCAL,
            CKA.ENCRYPT,
            CKA.DECRYPT,
            CKA.SIGN,
            CKA.SIGN_RECOVER,
            CKA.VERIFY,
            CKA.VERIFY_RECOVER,
            CKA.WRAP,
            CKA.UNWRAP,
            CKA.DERIVE,
            CKA.WRAP_WITH_TRUSTED,
            CKA.ALWAYS_AUTHENTICATE);

    private static final Set<Long> NUMBERS = Set.of(
            CKA.CLASS,
            CKA.KEY_TYPE,
            CKA.CERTIFICATE_TYPE,
            CKA.CERTIFICATE_CATEGORY,
            CKA.JAVA_MIDP_SECURITY_DOMAIN,
            CKA.MODULUS_BITS,
            CKA.VALUE_LEN,
            CKA.KEY_GEN_MECHANISM,
            CKA.NAME_HASH_ALGORITHM);

    static AttributeForm of(long type) {
        if (BOOLEANS.contains(type)) {
            return BOOLEAN;
        }
        if (NUMBERS.contains(type)) {
            return NUMBER;
        }
        return type == CKA.START_DATE || type == CKA.END_DATE ? DATE : BYTES;
    }

    static boolean fits(Attribute attribute) {
        byte[] value = attribute.value();
        if (value == null) {
            return false;
        }
        return switch (of(attribute.type())) {
            case BOOLEAN -> value.length == 1 && (value[0] == 0 || value[0] == 1);
            case NUMBER -> value.length == Long.BYTES;
            case DATE -> value.length == 0 || value.length == DATE_LENGTH;
            case BYTES -> true;
        };
    }
}
