package org.tokend.pkcs11.application;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKG;
import org.tokend.pkcs11.cryptoki.CKM;

/** Hash functions by the numbers and names they go by. */
final class Hashes {
    private static final Map<Long, String> BY_MECHANISM = Map.of(
            CKM.MD5, "MD5",
            CKM.SHA_1, "SHA-1",
            CKM.SHA224, "SHA-224",
            CKM.SHA256, "SHA-256",
            CKM.SHA384, "SHA-384",
            CKM.SHA512, "SHA-512");

    private static final Map<Long, String> BY_MASK = Map.of(
            CKG.MGF1_SHA1, "SHA-1",
            CKG.MGF1_SHA224, "SHA-224",
            CKG.MGF1_SHA256, "SHA-256",
            CKG.MGF1_SHA384, "SHA-384",
            CKG.MGF1_SHA512, "SHA-512");

    /** DigestInfo up to the digest (RFC 8017 §9.2, note 1). */
    private static final Map<String, String> DIGEST_INFO = Map.of(
            "SHA-1", "3021300906052b0e03021a05000414",
            "SHA-224", "302d300d06096086480165030402040500041c",
            "SHA-256", "3031300d060960864801650304020105000420",
            "SHA-384", "3041300d060960864801650304020205000430",
            "SHA-512", "3051300d060960864801650304020305000440");

    private Hashes() {}

    /** @return null for what is no hash function, or one that is not known here */
    static @Nullable String named(long mechanism) {
        return BY_MECHANISM.get(mechanism);
    }

    static @Nullable String ofMask(long maskGeneration) {
        return BY_MASK.get(maskGeneration);
    }

    static MessageDigest start(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }

    static int length(String name) {
        return start(name).getDigestLength();
    }

    static byte[] digestInfoPrefix(String name) {
        String prefix = DIGEST_INFO.get(name);
        if (prefix == null) {
            throw new IllegalArgumentException(name + " has no DigestInfo");
        }
        return HexFormat.of().parseHex(prefix);
    }

    static byte[] digestInfo(String name, byte[] digest) {
        byte[] prefix = digestInfoPrefix(name);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + digest.length);
        System.arraycopy(digest, 0, whole, prefix.length, digest.length);
        return whole;
    }
}
