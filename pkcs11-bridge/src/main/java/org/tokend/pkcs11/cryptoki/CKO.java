package org.tokend.pkcs11.cryptoki;

/** Object classes. */
public final class CKO {
    public static final long DATA = 0L;
    public static final long CERTIFICATE = 1L;
    public static final long PUBLIC_KEY = 2L;
    public static final long PRIVATE_KEY = 3L;
    public static final long SECRET_KEY = 4L;
    public static final long HW_FEATURE = 5L;
    public static final long DOMAIN_PARAMETERS = 6L;
    public static final long MECHANISM = 7L;
    public static final long OTP_KEY = 8L;
    public static final long PROFILE = 9L;

    private CKO() {}
}
