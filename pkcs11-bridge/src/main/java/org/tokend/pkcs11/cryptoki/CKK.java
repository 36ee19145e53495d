package org.tokend.pkcs11.cryptoki;

/** Key types. */
public final class CKK {
    public static final long RSA = 0L;
    public static final long DSA = 1L;
    public static final long DH = 2L;
    public static final long EC = 3L;
    public static final long X9_42_DH = 4L;
    public static final long GENERIC_SECRET = 0x10L;
    public static final long DES3 = 0x15L;
    public static final long AES = 0x1fL;
    public static final long SHA_1_HMAC = 0x28L;
    public static final long SHA256_HMAC = 0x2bL;
    public static final long SHA384_HMAC = 0x2cL;
    public static final long SHA512_HMAC = 0x2dL;
    public static final long SHA224_HMAC = 0x2eL;
    public static final long AES_XTS = 0x35L;
    public static final long SHA3_224_HMAC = 0x36L;
    public static final long SHA3_256_HMAC = 0x37L;
    public static final long SHA3_384_HMAC = 0x38L;
    public static final long SHA3_512_HMAC = 0x39L;
    public static final long EC_EDWARDS = 0x40L;
    public static final long EC_MONTGOMERY = 0x41L;
    public static final long HKDF = 0x42L;

    private CKK() {}
}
