package org.tokend.pkcs11.cryptoki;

/** Mechanisms (PKCS#11 v3.1 mechanisms, those that this project names). */
public final class CKM {
    public static final long RSA_PKCS_KEY_PAIR_GEN = 0L;
    public static final long RSA_PKCS = 1L;
    public static final long RSA_X_509 = 3L;
    public static final long MD5_RSA_PKCS = 5L;
    public static final long SHA1_RSA_PKCS = 6L;
    public static final long RSA_PKCS_OAEP = 9L;
    public static final long RSA_PKCS_PSS = 0xdL;
    public static final long SHA1_RSA_PKCS_PSS = 0xeL;
    public static final long DSA_KEY_PAIR_GEN = 0x10L;
    public static final long DSA = 0x11L;
    public static final long DSA_SHA1 = 0x12L;
    public static final long DSA_SHA224 = 0x13L;
    public static final long DSA_SHA256 = 0x14L;
    public static final long DSA_SHA384 = 0x15L;
    public static final long DSA_SHA512 = 0x16L;
    public static final long DSA_SHA3_224 = 0x18L;
    public static final long DSA_SHA3_256 = 0x19L;
    public static final long DSA_SHA3_384 = 0x1aL;
    public static final long DSA_SHA3_512 = 0x1bL;
    public static final long DH_PKCS_KEY_PAIR_GEN = 0x20L;
    public static final long DH_PKCS_DERIVE = 0x21L;
    public static final long SHA256_RSA_PKCS = 0x40L;
    public static final long SHA384_RSA_PKCS = 0x41L;
    public static final long SHA512_RSA_PKCS = 0x42L;
    public static final long SHA256_RSA_PKCS_PSS = 0x43L;
    public static final long SHA384_RSA_PKCS_PSS = 0x44L;
    public static final long SHA512_RSA_PKCS_PSS = 0x45L;
    public static final long SHA224_RSA_PKCS = 0x46L;
    public static final long SHA224_RSA_PKCS_PSS = 0x47L;
    public static final long SHA3_256_RSA_PKCS = 0x60L;
    public static final long SHA3_384_RSA_PKCS = 0x61L;
    public static final long SHA3_512_RSA_PKCS = 0x62L;
    public static final long SHA3_256_RSA_PKCS_PSS = 0x63L;
    public static final long SHA3_384_RSA_PKCS_PSS = 0x64L;
    public static final long SHA3_512_RSA_PKCS_PSS = 0x65L;
    public static final long SHA3_224_RSA_PKCS = 0x66L;
    public static final long SHA3_224_RSA_PKCS_PSS = 0x67L;
    public static final long DES_ECB = 0x121L;
    public static final long DES_CBC = 0x122L;
    public static final long DES_CBC_PAD = 0x125L;
    public static final long DES3_KEY_GEN = 0x131L;
    public static final long DES3_ECB = 0x132L;
    public static final long DES3_CBC = 0x133L;
    public static final long DES3_CBC_PAD = 0x136L;
    public static final long MD5 = 0x210L;
    public static final long MD5_HMAC = 0x211L;
    public static final long MD5_HMAC_GENERAL = 0x212L;
    public static final long SHA_1 = 0x220L;
    public static final long SHA_1_HMAC = 0x221L;
    public static final long SHA_1_HMAC_GENERAL = 0x222L;
    public static final long SHA256 = 0x250L;
    public static final long SHA256_HMAC = 0x251L;
    public static final long SHA256_HMAC_GENERAL = 0x252L;
    public static final long SHA224 = 0x255L;
    public static final long SHA224_HMAC = 0x256L;
    public static final long SHA224_HMAC_GENERAL = 0x257L;
    public static final long SHA384 = 0x260L;
    public static final long SHA384_HMAC = 0x261L;
    public static final long SHA384_HMAC_GENERAL = 0x262L;
    public static final long SHA512 = 0x270L;
    public static final long SHA512_HMAC = 0x271L;
    public static final long SHA512_HMAC_GENERAL = 0x272L;
    public static final long GENERIC_SECRET_KEY_GEN = 0x350L;
    public static final long EC_KEY_PAIR_GEN = 0x1040L;
    public static final long ECDSA = 0x1041L;
    public static final long ECDSA_SHA1 = 0x1042L;
    public static final long ECDSA_SHA224 = 0x1043L;
    public static final long ECDSA_SHA256 = 0x1044L;
    public static final long ECDSA_SHA384 = 0x1045L;
    public static final long ECDSA_SHA512 = 0x1046L;
    public static final long ECDH1_DERIVE = 0x1050L;
    public static final long ECDH1_COFACTOR_DERIVE = 0x1051L;
    public static final long EC_EDWARDS_KEY_PAIR_GEN = 0x1055L;
    public static final long EC_MONTGOMERY_KEY_PAIR_GEN = 0x1056L;
    public static final long EDDSA = 0x1057L;
    public static final long AES_KEY_GEN = 0x1080L;
    public static final long AES_ECB = 0x1081L;
    public static final long AES_CBC = 0x1082L;
    public static final long AES_MAC = 0x1083L;
    public static final long AES_CBC_PAD = 0x1085L;
    public static final long AES_CTR = 0x1086L;
    public static final long AES_GCM = 0x1087L;
    public static final long AES_CCM = 0x1088L;
    public static final long AES_CMAC = 0x108aL;
    public static final long DES3_ECB_ENCRYPT_DATA = 0x1102L;
    public static final long DES3_CBC_ENCRYPT_DATA = 0x1103L;
    public static final long DSA_PARAMETER_GEN = 0x2000L;
    public static final long DH_PKCS_PARAMETER_GEN = 0x2001L;
    public static final long DSA_PROBABLISTIC_PARAMETER_GEN = 0x2003L;
    public static final long DSA_SHAWE_TAYLOR_PARAMETER_GEN = 0x2004L;
    public static final long AES_OFB = 0x2104L;
    public static final long AES_CFB128 = 0x2107L;
    public static final long AES_KEY_WRAP = 0x2109L;
    public static final long AES_KEY_WRAP_PAD = 0x210aL;

    private CKM() {}

    /** The name in the specification, or the number in hex for one that has none. */
    public static String nameOf(long value) {
        return NAMES.getOrDefault(value, "CKM_" + "0x" + Long.toHexString(value));
    }

    /** The mechanism of a name as {@link #nameOf} gives it. */
    public static java.util.OptionalLong ofName(String name) {
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToLong(java.util.Map.Entry::getKey)
                .findFirst();
    }

    private static final java.util.Map<Long, String> NAMES = java.util.Map.ofEntries(
            java.util.Map.entry(RSA_PKCS_KEY_PAIR_GEN, "CKM_RSA_PKCS_KEY_PAIR_GEN"),
            java.util.Map.entry(RSA_PKCS, "CKM_RSA_PKCS"),
            java.util.Map.entry(RSA_X_509, "CKM_RSA_X_509"),
            java.util.Map.entry(MD5_RSA_PKCS, "CKM_MD5_RSA_PKCS"),
            java.util.Map.entry(SHA1_RSA_PKCS, "CKM_SHA1_RSA_PKCS"),
            java.util.Map.entry(RSA_PKCS_OAEP, "CKM_RSA_PKCS_OAEP"),
            java.util.Map.entry(RSA_PKCS_PSS, "CKM_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA1_RSA_PKCS_PSS, "CKM_SHA1_RSA_PKCS_PSS"),
            java.util.Map.entry(DSA_KEY_PAIR_GEN, "CKM_DSA_KEY_PAIR_GEN"),
            java.util.Map.entry(DSA, "CKM_DSA"),
            java.util.Map.entry(DSA_SHA1, "CKM_DSA_SHA1"),
            java.util.Map.entry(DSA_SHA224, "CKM_DSA_SHA224"),
            java.util.Map.entry(DSA_SHA256, "CKM_DSA_SHA256"),
            java.util.Map.entry(DSA_SHA384, "CKM_DSA_SHA384"),
            java.util.Map.entry(DSA_SHA512, "CKM_DSA_SHA512"),
            java.util.Map.entry(DSA_SHA3_224, "CKM_DSA_SHA3_224"),
            java.util.Map.entry(DSA_SHA3_256, "CKM_DSA_SHA3_256"),
            java.util.Map.entry(DSA_SHA3_384, "CKM_DSA_SHA3_384"),
            java.util.Map.entry(DSA_SHA3_512, "CKM_DSA_SHA3_512"),
            java.util.Map.entry(DH_PKCS_KEY_PAIR_GEN, "CKM_DH_PKCS_KEY_PAIR_GEN"),
            java.util.Map.entry(DH_PKCS_DERIVE, "CKM_DH_PKCS_DERIVE"),
            java.util.Map.entry(SHA256_RSA_PKCS, "CKM_SHA256_RSA_PKCS"),
            java.util.Map.entry(SHA384_RSA_PKCS, "CKM_SHA384_RSA_PKCS"),
            java.util.Map.entry(SHA512_RSA_PKCS, "CKM_SHA512_RSA_PKCS"),
            java.util.Map.entry(SHA256_RSA_PKCS_PSS, "CKM_SHA256_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA384_RSA_PKCS_PSS, "CKM_SHA384_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA512_RSA_PKCS_PSS, "CKM_SHA512_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA224_RSA_PKCS, "CKM_SHA224_RSA_PKCS"),
            java.util.Map.entry(SHA224_RSA_PKCS_PSS, "CKM_SHA224_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA3_256_RSA_PKCS, "CKM_SHA3_256_RSA_PKCS"),
            java.util.Map.entry(SHA3_384_RSA_PKCS, "CKM_SHA3_384_RSA_PKCS"),
            java.util.Map.entry(SHA3_512_RSA_PKCS, "CKM_SHA3_512_RSA_PKCS"),
            java.util.Map.entry(SHA3_256_RSA_PKCS_PSS, "CKM_SHA3_256_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA3_384_RSA_PKCS_PSS, "CKM_SHA3_384_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA3_512_RSA_PKCS_PSS, "CKM_SHA3_512_RSA_PKCS_PSS"),
            java.util.Map.entry(SHA3_224_RSA_PKCS, "CKM_SHA3_224_RSA_PKCS"),
            java.util.Map.entry(SHA3_224_RSA_PKCS_PSS, "CKM_SHA3_224_RSA_PKCS_PSS"),
            java.util.Map.entry(DES_ECB, "CKM_DES_ECB"),
            java.util.Map.entry(DES_CBC, "CKM_DES_CBC"),
            java.util.Map.entry(DES_CBC_PAD, "CKM_DES_CBC_PAD"),
            java.util.Map.entry(DES3_KEY_GEN, "CKM_DES3_KEY_GEN"),
            java.util.Map.entry(DES3_ECB, "CKM_DES3_ECB"),
            java.util.Map.entry(DES3_CBC, "CKM_DES3_CBC"),
            java.util.Map.entry(DES3_CBC_PAD, "CKM_DES3_CBC_PAD"),
            java.util.Map.entry(MD5, "CKM_MD5"),
            java.util.Map.entry(MD5_HMAC, "CKM_MD5_HMAC"),
            java.util.Map.entry(MD5_HMAC_GENERAL, "CKM_MD5_HMAC_GENERAL"),
            java.util.Map.entry(SHA_1, "CKM_SHA_1"),
            java.util.Map.entry(SHA_1_HMAC, "CKM_SHA_1_HMAC"),
            java.util.Map.entry(SHA_1_HMAC_GENERAL, "CKM_SHA_1_HMAC_GENERAL"),
            java.util.Map.entry(SHA256, "CKM_SHA256"),
            java.util.Map.entry(SHA256_HMAC, "CKM_SHA256_HMAC"),
            java.util.Map.entry(SHA256_HMAC_GENERAL, "CKM_SHA256_HMAC_GENERAL"),
            java.util.Map.entry(SHA224, "CKM_SHA224"),
            java.util.Map.entry(SHA224_HMAC, "CKM_SHA224_HMAC"),
            java.util.Map.entry(SHA224_HMAC_GENERAL, "CKM_SHA224_HMAC_GENERAL"),
            java.util.Map.entry(SHA384, "CKM_SHA384"),
            java.util.Map.entry(SHA384_HMAC, "CKM_SHA384_HMAC"),
            java.util.Map.entry(SHA384_HMAC_GENERAL, "CKM_SHA384_HMAC_GENERAL"),
            java.util.Map.entry(SHA512, "CKM_SHA512"),
            java.util.Map.entry(SHA512_HMAC, "CKM_SHA512_HMAC"),
            java.util.Map.entry(SHA512_HMAC_GENERAL, "CKM_SHA512_HMAC_GENERAL"),
            java.util.Map.entry(GENERIC_SECRET_KEY_GEN, "CKM_GENERIC_SECRET_KEY_GEN"),
            java.util.Map.entry(EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN"),
            java.util.Map.entry(ECDSA, "CKM_ECDSA"),
            java.util.Map.entry(ECDSA_SHA1, "CKM_ECDSA_SHA1"),
            java.util.Map.entry(ECDSA_SHA224, "CKM_ECDSA_SHA224"),
            java.util.Map.entry(ECDSA_SHA256, "CKM_ECDSA_SHA256"),
            java.util.Map.entry(ECDSA_SHA384, "CKM_ECDSA_SHA384"),
            java.util.Map.entry(ECDSA_SHA512, "CKM_ECDSA_SHA512"),
            java.util.Map.entry(ECDH1_DERIVE, "CKM_ECDH1_DERIVE"),
            java.util.Map.entry(ECDH1_COFACTOR_DERIVE, "CKM_ECDH1_COFACTOR_DERIVE"),
            java.util.Map.entry(EC_EDWARDS_KEY_PAIR_GEN, "CKM_EC_EDWARDS_KEY_PAIR_GEN"),
            java.util.Map.entry(EC_MONTGOMERY_KEY_PAIR_GEN, "CKM_EC_MONTGOMERY_KEY_PAIR_GEN"),
            java.util.Map.entry(EDDSA, "CKM_EDDSA"),
            java.util.Map.entry(AES_KEY_GEN, "CKM_AES_KEY_GEN"),
            java.util.Map.entry(AES_ECB, "CKM_AES_ECB"),
            java.util.Map.entry(AES_CBC, "CKM_AES_CBC"),
            java.util.Map.entry(AES_MAC, "CKM_AES_MAC"),
            java.util.Map.entry(AES_CBC_PAD, "CKM_AES_CBC_PAD"),
            java.util.Map.entry(AES_CTR, "CKM_AES_CTR"),
            java.util.Map.entry(AES_GCM, "CKM_AES_GCM"),
            java.util.Map.entry(AES_CCM, "CKM_AES_CCM"),
            java.util.Map.entry(AES_CMAC, "CKM_AES_CMAC"),
            java.util.Map.entry(DES3_ECB_ENCRYPT_DATA, "CKM_DES3_ECB_ENCRYPT_DATA"),
            java.util.Map.entry(DES3_CBC_ENCRYPT_DATA, "CKM_DES3_CBC_ENCRYPT_DATA"),
            java.util.Map.entry(DSA_PARAMETER_GEN, "CKM_DSA_PARAMETER_GEN"),
            java.util.Map.entry(DH_PKCS_PARAMETER_GEN, "CKM_DH_PKCS_PARAMETER_GEN"),
            java.util.Map.entry(DSA_PROBABLISTIC_PARAMETER_GEN, "CKM_DSA_PROBABLISTIC_PARAMETER_GEN"),
            java.util.Map.entry(DSA_SHAWE_TAYLOR_PARAMETER_GEN, "CKM_DSA_SHAWE_TAYLOR_PARAMETER_GEN"),
            java.util.Map.entry(AES_OFB, "CKM_AES_OFB"),
            java.util.Map.entry(AES_CFB128, "CKM_AES_CFB128"),
            java.util.Map.entry(AES_KEY_WRAP, "CKM_AES_KEY_WRAP"),
            java.util.Map.entry(AES_KEY_WRAP_PAD, "CKM_AES_KEY_WRAP_PAD"));
}
