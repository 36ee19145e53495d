package org.tokend.pkcs11.cryptoki;

/** Mask generation functions. */
public final class CKG {
    public static final long MGF1_SHA1 = 1L;
    public static final long MGF1_SHA256 = 2L;
    public static final long MGF1_SHA384 = 3L;
    public static final long MGF1_SHA512 = 4L;
    public static final long MGF1_SHA224 = 5L;
    public static final long MGF1_SHA3_224 = 6L;
    public static final long MGF1_SHA3_256 = 7L;
    public static final long MGF1_SHA3_384 = 8L;
    public static final long MGF1_SHA3_512 = 9L;

    private CKG() {}
}
