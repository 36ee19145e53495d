package org.tokend.pkcs11;

/** What the bridge can do with a private key. Inputs and outputs are those of the token façade's methods. */
public enum KeyAlgorithm {
    RSA_PKCS1_SHA1(Use.SIGN, "SHA-1", 20),
    RSA_PKCS1_SHA256(Use.SIGN, "SHA-256", 32),
    RSA_PKCS1_SHA384(Use.SIGN, "SHA-384", 48),
    RSA_PKCS1_SHA512(Use.SIGN, "SHA-512", 64),
    /** What the block of type 1 holds comes in, whatever it is. */
    RSA_PKCS1_RAW(Use.SIGN, "", 0),
    RSA_PSS_SHA256(Use.SIGN, "SHA-256", 32),
    RSA_PSS_SHA384(Use.SIGN, "SHA-384", 48),
    RSA_PSS_SHA512(Use.SIGN, "SHA-512", 64),
    ECDSA_SHA256(Use.SIGN, "SHA-256", 32),
    ECDSA_SHA384(Use.SIGN, "SHA-384", 48),
    ECDSA_SHA512(Use.SIGN, "SHA-512", 64),
    ED25519(Use.SIGN, "", 0),
    RSA_PKCS1(Use.DECRYPT, "", 0),
    RSA_OAEP_SHA1(Use.DECRYPT, "SHA-1", 20),
    RSA_OAEP_SHA256(Use.DECRYPT, "SHA-256", 32),
    RSA_OAEP_SHA384(Use.DECRYPT, "SHA-384", 48),
    RSA_OAEP_SHA512(Use.DECRYPT, "SHA-512", 64),
    ECDH(Use.AGREE, "", 0);

    /** Which of the token façade's methods takes the algorithm. */
    public enum Use {
        SIGN,
        DECRYPT,
        AGREE
    }

    private final Use use;
    private final String digest;
    private final int digestLength;

    KeyAlgorithm(Use use, String digest, int digestLength) {
        this.use = use;
        this.digest = digest;
        this.digestLength = digestLength;
    }

    public Use use() {
        return use;
    }

    /** The hash by its JCA name, of the signed data or of OAEP; empty where there is none. */
    public String digest() {
        return digest;
    }

    /** Bytes in that hash, 0 where there is none. */
    public int digestLength() {
        return digestLength;
    }
}
