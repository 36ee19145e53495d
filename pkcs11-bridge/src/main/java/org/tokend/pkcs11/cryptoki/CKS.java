package org.tokend.pkcs11.cryptoki;

/** Session states. */
public final class CKS {
    public static final long RO_PUBLIC_SESSION = 0L;
    public static final long RO_USER_FUNCTIONS = 1L;
    public static final long RW_PUBLIC_SESSION = 2L;
    public static final long RW_USER_FUNCTIONS = 3L;
    public static final long RW_SO_FUNCTIONS = 4L;

    private CKS() {}
}
