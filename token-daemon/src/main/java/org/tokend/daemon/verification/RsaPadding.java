package org.tokend.daemon.verification;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.tokend.protocol.Algorithm;

/**
 * What RSA signatures over a digest have to look like. Written out, because no provider verifies PSS over a digest that was made
 * elsewhere.
 */
final class RsaPadding {
    /** 00 01, eight times ff, 00. */
    static final int PKCS1_OVERHEAD = 11;

    private static final int PSS_TRAILER = 0xbc;
    private static final byte[] EIGHT_ZEROS = new byte[8];

    private RsaPadding() {}

    /** EMSA-PKCS1-v1_5 (RFC 8017 §9.2): there is one right encoding, so it is made and compared. */
    static boolean isPkcs1(byte[] encoded, Algorithm algorithm, byte[] digest) {
        byte[] prefix = algorithm == Algorithm.RSA_PKCS1_RAW ? new byte[0] : digestInfoPrefix(algorithm);
        int start = encoded.length - prefix.length - digest.length;
        if (start < PKCS1_OVERHEAD) {
            return false;
        }
        byte[] expected = new byte[encoded.length];
        Arrays.fill(expected, 2, start - 1, (byte) 0xff);
        expected[1] = 1;
        System.arraycopy(prefix, 0, expected, start, prefix.length);
        System.arraycopy(digest, 0, expected, start + prefix.length, digest.length);
        return MessageDigest.isEqual(expected, encoded);
    }

    /** EMSA-PSS-VERIFY (RFC 8017 §9.1.2) with MGF1 over the same hash and a salt as long as the hash. */
    static boolean isPss(byte[] recovered, Algorithm algorithm, byte[] digest, int modulusBits)
            throws GeneralSecurityException {
        MessageDigest hash = MessageDigest.getInstance(hashName(algorithm));
        int hashLength = hash.getDigestLength();
        int encodedBits = modulusBits - 1;
        int encodedLength = (encodedBits + 7) / 8;
        // One byte shorter than the modulus when that has 8k+1 bits.
        int skipped = recovered.length - encodedLength;
        if (skipped == 1 && recovered[0] != 0) {
            return false;
        }
        byte[] encoded = Arrays.copyOfRange(recovered, skipped, recovered.length);
        int maskedLength = encodedLength - hashLength - 1;
        if (maskedLength < hashLength + 1 || (encoded[encodedLength - 1] & 0xff) != PSS_TRAILER) {
            return false;
        }
        byte[] h = Arrays.copyOfRange(encoded, maskedLength, maskedLength + hashLength);
        byte[] block = mask(hash, h, maskedLength);
        for (int i = 0; i < maskedLength; i++) {
            block[i] ^= encoded[i];
        }
        int unusedBits = 8 * encodedLength - encodedBits;
        if ((encoded[0] & 0xff) >>> (8 - unusedBits) != 0) {
            return false;
        }
        block[0] &= (byte) (0xff >>> unusedBits);
        int saltStart = maskedLength - hashLength;
        for (int i = 0; i < saltStart - 1; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        if (block[saltStart - 1] != 1) {
            return false;
        }
        hash.update(EIGHT_ZEROS);
        hash.update(digest);
        hash.update(block, saltStart, hashLength);
        return MessageDigest.isEqual(h, hash.digest());
    }

    /** MGF1 (RFC 8017 §B.2.1). */
    private static byte[] mask(MessageDigest hash, byte[] seed, int length) {
        byte[] mask = new byte[length];
        for (int counter = 0, at = 0; at < length; counter++) {
            hash.update(seed);
            hash.update(
                    new byte[] {(byte) (counter >>> 24), (byte) (counter >>> 16), (byte) (counter >>> 8), (byte) counter
                    });
            byte[] block = hash.digest();
            int copied = Math.min(block.length, length - at);
            System.arraycopy(block, 0, mask, at, copied);
            at += copied;
        }
        return mask;
    }

    private static String hashName(Algorithm algorithm) {
        return switch (algorithm.digestLength()) {
            case 20 -> "SHA-1";
            case 32 -> "SHA-256";
            case 48 -> "SHA-384";
            default -> "SHA-512";
        };
    }

    /** DER of DigestInfo up to the digest (RFC 8017 §9.2, note 1). */
    private static byte[] digestInfoPrefix(Algorithm algorithm) {
        return HexFormat.of()
                .parseHex(
                        switch (algorithm.digestLength()) {
                            case 20 -> "3021300906052b0e03021a05000414";
                            case 32 -> "3031300d060960864801650304020105000420";
                            case 48 -> "3041300d060960864801650304020205000430";
                            default -> "3051300d060960864801650304020305000440";
                        });
    }
}
