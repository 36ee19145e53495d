package org.tokend.client.jca;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Algorithm;

/** The hash functions, with the algorithms that each makes of an operation. Null where tokend has no such algorithm. */
enum Hash {
    SHA1("SHA-1", "3021300906052b0e03021a05000414", Algorithm.RSA_PKCS1_SHA1, null, null, Algorithm.RSA_OAEP_SHA1),
    SHA256(
            "SHA-256",
            "3031300d060960864801650304020105000420",
            Algorithm.RSA_PKCS1_SHA256,
            Algorithm.RSA_PSS_SHA256,
            Algorithm.ECDSA_SHA256,
            Algorithm.RSA_OAEP_SHA256),
    SHA384(
            "SHA-384",
            "3041300d060960864801650304020205000430",
            Algorithm.RSA_PKCS1_SHA384,
            Algorithm.RSA_PSS_SHA384,
            Algorithm.ECDSA_SHA384,
            Algorithm.RSA_OAEP_SHA384),
    SHA512(
            "SHA-512",
            "3051300d060960864801650304020305000440",
            Algorithm.RSA_PKCS1_SHA512,
            Algorithm.RSA_PSS_SHA512,
            Algorithm.ECDSA_SHA512,
            Algorithm.RSA_OAEP_SHA512);

    final String jcaName;
    /** What comes before the hash value in a DigestInfo (RFC 8017 §9.2, note 1). */
    final byte[] digestInfoPrefix;

    final Algorithm pkcs1;
    final @Nullable Algorithm pss;
    final @Nullable Algorithm ecdsa;
    final Algorithm oaep;

    Hash(
            String jcaName,
            String digestInfoPrefix,
            Algorithm pkcs1,
            @Nullable Algorithm pss,
            @Nullable Algorithm ecdsa,
            Algorithm oaep) {
        this.jcaName = jcaName;
        this.digestInfoPrefix = HexFormat.of().parseHex(digestInfoPrefix);
        this.pkcs1 = pkcs1;
        this.pss = pss;
        this.ecdsa = ecdsa;
        this.oaep = oaep;
    }

    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(jcaName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no " + jcaName, e);
        }
    }

    int length() {
        return pkcs1.digestLength();
    }

    /** By any of the spellings that JCA programs use: SHA-256, SHA256. */
    static Optional<Hash> named(String name) {
        String plain = name.toUpperCase(Locale.ROOT).replace("-", "");
        for (Hash hash : values()) {
            if (hash.name().equals(plain)) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }
}
