package org.tokend.pkcs11.object;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;

/** What NSS, GnuTLS, OpenSC, SunPKCS11, libp11 and OpenSSH ask of an object: read of each before anybody asks. */
final class UsualAttributes {
    /** Every object has a class: where it is missing at the end of an answer, the token gave up before. */
    static final long LAST = CKA.CLASS;

    private static final long[] OF_ALL = {
        CKA.TOKEN, CKA.PRIVATE, CKA.LABEL, CKA.MODIFIABLE, CKA.COPYABLE, CKA.DESTROYABLE, CKA.UNIQUE_ID
    };

    /** Programs search by these whatever the class: a search must not need the token for objects that lack them. */
    private static final long[] SEARCHED = {
        CKA.ID,
        CKA.KEY_TYPE,
        CKA.CERTIFICATE_TYPE,
        CKA.SUBJECT,
        CKA.ISSUER,
        CKA.SERIAL_NUMBER,
        CKA.APPLICATION,
        CKA.OBJECT_ID
    };

    private static final long[] OF_KEYS = {
        CKA.START_DATE, CKA.END_DATE, CKA.DERIVE, CKA.LOCAL, CKA.KEY_GEN_MECHANISM, CKA.ALLOWED_MECHANISMS
    };
    private static final long[] OF_PUBLIC_KEYS = {
        CKA.SUBJECT,
        CKA.ENCRYPT,
        CKA.VERIFY,
        CKA.VERIFY_RECOVER,
        CKA.WRAP,
        CKA.TRUSTED,
        CKA.PUBLIC_KEY_INFO,
        CKA.MODULUS,
        CKA.MODULUS_BITS,
        CKA.PUBLIC_EXPONENT,
        CKA.EC_PARAMS,
        CKA.EC_POINT,
        CKA.PRIME,
        CKA.SUBPRIME,
        CKA.BASE
    };
    private static final long[] OF_PRIVATE_KEYS = {
        CKA.SUBJECT,
        CKA.SENSITIVE,
        CKA.DECRYPT,
        CKA.SIGN,
        CKA.SIGN_RECOVER,
        CKA.UNWRAP,
        CKA.EXTRACTABLE,
        CKA.ALWAYS_SENSITIVE,
        CKA.NEVER_EXTRACTABLE,
        CKA.WRAP_WITH_TRUSTED,
        CKA.ALWAYS_AUTHENTICATE,
        CKA.PUBLIC_KEY_INFO,
        CKA.MODULUS,
        CKA.MODULUS_BITS,
        CKA.PUBLIC_EXPONENT,
        CKA.EC_PARAMS,
        CKA.EC_POINT
    };
    private static final long[] OF_SECRET_KEYS = {
        CKA.SENSITIVE,
        CKA.ENCRYPT,
        CKA.DECRYPT,
        CKA.SIGN,
        CKA.VERIFY,
        CKA.WRAP,
        CKA.UNWRAP,
        CKA.EXTRACTABLE,
        CKA.ALWAYS_SENSITIVE,
        CKA.NEVER_EXTRACTABLE,
        CKA.WRAP_WITH_TRUSTED,
        CKA.TRUSTED,
        CKA.CHECK_VALUE,
        CKA.VALUE_LEN
    };
    private static final long[] OF_CERTIFICATES = {
        CKA.CERTIFICATE_TYPE,
        CKA.TRUSTED,
        CKA.CERTIFICATE_CATEGORY,
        CKA.CHECK_VALUE,
        CKA.START_DATE,
        CKA.END_DATE,
        CKA.SUBJECT,
        CKA.ID,
        CKA.ISSUER,
        CKA.SERIAL_NUMBER,
        CKA.VALUE,
        CKA.URL,
        CKA.HASH_OF_SUBJECT_PUBLIC_KEY,
        CKA.HASH_OF_ISSUER_PUBLIC_KEY,
        CKA.JAVA_MIDP_SECURITY_DOMAIN,
        CKA.NAME_HASH_ALGORITHM,
        CKA.PUBLIC_KEY_INFO
    };
    private static final long[] OF_DATA = {CKA.VALUE};

    /** NSS keeps its trust in objects of a class of its own, found by these. */
    private static final long NSS_TRUST = 0xce536350L;

    private static final long[] OF_OTHERS = {
        NSS_TRUST + 8, // CKA_TRUST_SERVER_AUTH
        NSS_TRUST + 9, // CKA_TRUST_CLIENT_AUTH
        NSS_TRUST + 10, // CKA_TRUST_CODE_SIGNING
        NSS_TRUST + 11, // CKA_TRUST_EMAIL_PROTECTION
        NSS_TRUST + 16, // CKA_TRUST_STEP_UP_APPROVED
        NSS_TRUST + 100, // CKA_CERT_SHA1_HASH
        NSS_TRUST + 101, // CKA_CERT_MD5_HASH
        CKA.VALUE
    };

    private UsualAttributes() {}

    /** CKA_CLASS comes last. */
    static long[] of(long objectClass) {
        return switch ((int) objectClass) {
            case (int) CKO.PUBLIC_KEY -> join(OF_KEYS, OF_PUBLIC_KEYS);
            case (int) CKO.PRIVATE_KEY -> join(OF_KEYS, OF_PRIVATE_KEYS);
            case (int) CKO.SECRET_KEY, (int) CKO.OTP_KEY -> join(OF_KEYS, OF_SECRET_KEYS);
            case (int) CKO.CERTIFICATE -> join(OF_CERTIFICATES);
            case (int) CKO.DATA -> join(OF_DATA);
            default -> join(OF_OTHERS);
        };
    }

    private static long[] join(long[]... own) {
        LongStream specific = Arrays.stream(own).flatMapToLong(Arrays::stream);
        LongStream general = LongStream.concat(Arrays.stream(OF_ALL), Arrays.stream(SEARCHED));
        return LongStream.concat(LongStream.concat(general, specific).distinct(), LongStream.of(LAST))
                .toArray();
    }
}
