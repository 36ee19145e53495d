package org.tokend.pkcs11.cryptoki;

/** Key derivation functions of ECDH. */
public final class CKD {
    public static final long NULL = 1L;
    public static final long SHA1_KDF = 2L;
    public static final long SHA1_KDF_ASN1 = 3L;
    public static final long SHA1_KDF_CONCATENATE = 4L;
    public static final long SHA224_KDF = 5L;
    public static final long SHA256_KDF = 6L;
    public static final long SHA384_KDF = 7L;
    public static final long SHA512_KDF = 8L;
    public static final long SHA3_224_KDF = 0xaL;
    public static final long SHA3_256_KDF = 0xbL;
    public static final long SHA3_384_KDF = 0xcL;
    public static final long SHA3_512_KDF = 0xdL;
    public static final long SHA1_KDF_SP800 = 0xeL;
    public static final long SHA224_KDF_SP800 = 0xfL;
    public static final long SHA256_KDF_SP800 = 0x10L;
    public static final long SHA384_KDF_SP800 = 0x11L;
    public static final long SHA512_KDF_SP800 = 0x12L;
    public static final long SHA3_224_KDF_SP800 = 0x13L;
    public static final long SHA3_256_KDF_SP800 = 0x14L;
    public static final long SHA3_384_KDF_SP800 = 0x15L;
    public static final long SHA3_512_KDF_SP800 = 0x16L;
    public static final long BLAKE2B_160_KDF = 0x17L;
    public static final long BLAKE2B_256_KDF = 0x18L;
    public static final long BLAKE2B_384_KDF = 0x19L;
    public static final long BLAKE2B_512_KDF = 0x1aL;

    private CKD() {}
}
