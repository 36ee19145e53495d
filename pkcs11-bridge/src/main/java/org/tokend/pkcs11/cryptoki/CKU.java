package org.tokend.pkcs11.cryptoki;

/** User types. */
public final class CKU {
    public static final long SO = 0L;
    public static final long USER = 1L;
    public static final long CONTEXT_SPECIFIC = 2L;

    private CKU() {}
}
