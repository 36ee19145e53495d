package org.tokend.protocol;

import java.util.Optional;

/**
 * Every private-key algorithm that can be asked for, in one closed set. Digests are made by the caller: what crosses the
 * socket is the hash value for every signature algorithm but two: Ed25519 signs the message itself (RFC 8032), and raw
 * PKCS#1 what is put into the padding as it is.
 */
public enum Algorithm {
    RSA_PKCS1_SHA1("rsa-pkcs1-sha1", Operation.SIGN, 20),
    RSA_PKCS1_SHA256("rsa-pkcs1-sha256", Operation.SIGN, 32),
    RSA_PKCS1_SHA384("rsa-pkcs1-sha384", Operation.SIGN, 48),
    RSA_PKCS1_SHA512("rsa-pkcs1-sha512", Operation.SIGN, 64),
    /**
     * RSASSA-PKCS1-v1_5 without a DigestInfo: the input is what the block of type 1 holds (RFC 8017 §9.2, T), at most 11 bytes
     * shorter than the modulus. For protocols that make their own, as TLS 1.0 does and every CKM_RSA_PKCS may.
     */
    RSA_PKCS1_RAW("rsa-pkcs1-raw", Operation.SIGN, 0),
    /** RSASSA-PSS, MGF1 with the same hash, salt as long as the hash (RFC 4056). */
    RSA_PSS_SHA256("rsa-pss-sha256", Operation.SIGN, 32),
    RSA_PSS_SHA384("rsa-pss-sha384", Operation.SIGN, 48),
    RSA_PSS_SHA512("rsa-pss-sha512", Operation.SIGN, 64),
    /** ECDSA over a hash of the named length; the signature on the wire is the DER SEQUENCE of RFC 3279. */
    ECDSA_SHA256("ecdsa-sha256", Operation.SIGN, 32),
    ECDSA_SHA384("ecdsa-sha384", Operation.SIGN, 48),
    ECDSA_SHA512("ecdsa-sha512", Operation.SIGN, 64),
    /** PureEdDSA: the input is the message, at most {@link Sign#MAX_MESSAGE} bytes; the signature is R‖S, 64 bytes. */
    ED25519("ed25519", Operation.SIGN, 0),
    RSA_PKCS1("rsa-pkcs1", Operation.DECRYPT, 0),
    /** RSAES-OAEP, MGF1 with the same hash, empty label. */
    RSA_OAEP_SHA1("rsa-oaep-sha1", Operation.DECRYPT, 0),
    RSA_OAEP_SHA256("rsa-oaep-sha256", Operation.DECRYPT, 0),
    RSA_OAEP_SHA384("rsa-oaep-sha384", Operation.DECRYPT, 0),
    RSA_OAEP_SHA512("rsa-oaep-sha512", Operation.DECRYPT, 0),
    /** Cofactor-less ECDH: the shared secret is the x-coordinate, padded to the field size (SEC 1 §3.3.1). */
    ECDH("ecdh", Operation.AGREE, 0);

    /** What a key does in an algorithm, and so which CKA_ flag it needs. */
    public enum Operation {
        SIGN,
        DECRYPT,
        AGREE
    }

    private final String wireName;
    private final Operation operation;
    private final int digestLength;

    Algorithm(String wireName, Operation operation, int digestLength) {
        this.wireName = wireName;
        this.operation = operation;
        this.digestLength = digestLength;
    }

    /** The name in JSON, in configuration files and on the command line. */
    public String wireName() {
        return wireName;
    }

    public Operation operation() {
        return operation;
    }

    /** Length of the input in bytes for a signature over a digest; 0 where the input has no fixed length. */
    public int digestLength() {
        return digestLength;
    }

    public static Optional<Algorithm> ofWireName(String name) {
        for (Algorithm algorithm : values()) {
            if (algorithm.wireName.equals(name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
