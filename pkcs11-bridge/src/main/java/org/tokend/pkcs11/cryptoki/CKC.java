package org.tokend.pkcs11.cryptoki;

/** Certificate types. */
public final class CKC {
    public static final long X_509 = 0L;
    public static final long X_509_ATTR_CERT = 1L;
    public static final long WTLS = 2L;

    private CKC() {}
}
