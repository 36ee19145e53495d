package org.tokend.pkcs11.operation;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.tokend.pkcs11.KeyAlgorithm;

/** Paddings of RFC 8017 that are made in software where the token gives only a more basic mechanism. */
public final class RsaPadding {
    private RsaPadding() {}

    /** DigestInfo (RFC 8017 §9.2, note 1): what CKM_RSA_PKCS signs. */
    static byte[] digestInfo(KeyAlgorithm algorithm, byte[] digest) {
        String prefix = switch (algorithm.digest()) {
            case "SHA-1" -> "3021300906052b0e03021a05000414";
            case "SHA-256" -> "3031300d060960864801650304020105000420";
            case "SHA-384" -> "3041300d060960864801650304020205000430";
            case "SHA-512" -> "3051300d060960864801650304020305000440";
            default -> throw new IllegalArgumentException(algorithm + " has no DigestInfo");
        };
        return concat(HexFormat.of().parseHex(prefix), digest);
    }

    /** The least that EMSA-PKCS1-v1_5 adds: 00 01, eight times ff, 00 (§9.2, steps 3 to 5). */
    public static final int PKCS1_OVERHEAD = 11;

    /** EMSA-PKCS1-v1_5 (§9.2) around a DigestInfo, or around whatever a protocol signs in its place. */
    public static byte[] emsaPkcs1(byte[] digestInfo, int length) {
        byte[] block = new byte[length];
        Arrays.fill(block, (byte) 0xff);
        block[0] = 0;
        block[1] = 1;
        block[length - digestInfo.length - 1] = 0;
        System.arraycopy(digestInfo, 0, block, length - digestInfo.length, digestInfo.length);
        return block;
    }

    /**
     * EMSA-PSS (§9.1.1), salt as long as the hash, MGF1 with the same hash.
     *
     * @param modulusBits exact length of the modulus in bits
     * @return as long as the modulus
     */
    public static byte[] emsaPss(String hash, byte[] digest, int modulusBits, SecureRandom random) {
        byte[] salt = new byte[digest.length];
        random.nextBytes(salt);
        int emBits = modulusBits - 1;
        int emLength = (emBits + 7) / 8;
        int dbLength = emLength - digest.length - 1;
        byte[] h = sha(hash).digest(concat(new byte[8], digest, salt));
        byte[] db = new byte[dbLength];
        db[dbLength - salt.length - 1] = 1;
        System.arraycopy(salt, 0, db, dbLength - salt.length, salt.length);
        xor(db, mgf1(hash, h, dbLength));
        db[0] &= (byte) (0xff >>> (8 * emLength - emBits));
        byte[] encoded = concat(db, h, new byte[] {(byte) 0xbc});
        return leftPad(encoded, (modulusBits + 7) / 8);
    }

    public static byte[] mgf1(String hash, byte[] seed, int length) {
        MessageDigest digest = sha(hash);
        byte[] mask = new byte[length];
        for (int counter = 0, at = 0; at < length; counter++) {
            digest.update(seed);
            digest.update(
                    new byte[] {(byte) (counter >> 24), (byte) (counter >> 16), (byte) (counter >> 8), (byte) counter});
            byte[] part = digest.digest();
            int count = Math.min(part.length, length - at);
            System.arraycopy(part, 0, mask, at, count);
            at += count;
        }
        return mask;
    }

    static MessageDigest sha(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }

    /** Tokens drop leading zeros now and then. */
    static byte[] leftPad(byte[] value, int length) {
        if (value.length >= length) {
            return value;
        }
        byte[] padded = new byte[length];
        System.arraycopy(value, 0, padded, length - value.length, value.length);
        return padded;
    }

    static void xor(byte[] target, byte[] mask) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= mask[i];
        }
    }

    static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
