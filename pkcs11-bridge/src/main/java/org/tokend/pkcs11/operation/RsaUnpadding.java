package org.tokend.pkcs11.operation;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the padding off what raw RSA decryption gave. Nothing before the last step branches on, or indexes by, a secret
 * byte, so that time does not tell where a padding is wrong (RFC 8017 §7.1.2 and §7.2.2, notes).
 */
final class RsaUnpadding {
    private static final int SMALLEST_PKCS1_PADDING = 11;

    private RsaUnpadding() {}

    /**
     * EME-PKCS1-v1_5 of a plaintext whose length is known.
     *
     * @return the plaintext, or {@code substitute} when the padding is wrong or leaves another length
     */
    static byte[] pkcs1OrSubstitute(byte[] block, byte[] substitute) {
        int length = substitute.length;
        byte[] result = substitute.clone();
        if (length > block.length - SMALLEST_PKCS1_PADDING) {
            return result;
        }
        int start = block.length - length;
        int wrong = block[0] & 0xff | (block[1] & 0xff) ^ 2;
        for (int i = 2; i < start - 1; i++) {
            wrong |= isZero(block[i]);
        }
        wrong |= block[start - 1] & 0xff;
        int keep = -isZero((byte) wrong);
        for (int i = 0; i < length; i++) {
            result[i] = (byte) (block[start + i] & keep | substitute[i] & ~keep);
        }
        return result;
    }

    /** EME-PKCS1-v1_5 of a plaintext of any length; null when the padding is wrong. */
    static byte @Nullable [] pkcs1(byte[] block) {
        int wrong = block[0] & 0xff | (block[1] & 0xff) ^ 2;
        int zero = 0; // index of the first zero after the padding
        int found = 0; // all ones once it has been seen
        for (int i = 2; i < block.length; i++) {
            int hit = -isZero(block[i]) & ~found;
            zero |= i & hit;
            found |= hit;
        }
        wrong |= ~found & 0xff;
        int tooShort = zero - (SMALLEST_PKCS1_PADDING - 1) >> 31;
        wrong |= tooShort & 0xff;
        return wrong != 0 ? null : Arrays.copyOfRange(block, zero + 1, block.length);
    }

    /** EME-OAEP with an empty label and MGF1 of the same hash; null when anything is wrong. */
    static byte @Nullable [] oaep(byte[] block, String hash) {
        MessageDigest digest = RsaPadding.sha(hash);
        int hashLength = digest.getDigestLength();
        if (block.length < 2 * hashLength + 2) {
            return null;
        }
        byte[] seed = Arrays.copyOfRange(block, 1, 1 + hashLength);
        byte[] data = Arrays.copyOfRange(block, 1 + hashLength, block.length);
        RsaPadding.xor(seed, RsaPadding.mgf1(hash, data, hashLength));
        RsaPadding.xor(data, RsaPadding.mgf1(hash, seed, data.length));
        byte[] label = digest.digest(new byte[0]);
        int wrong = block[0] & 0xff;
        for (int i = 0; i < hashLength; i++) {
            wrong |= (data[i] ^ label[i]) & 0xff;
        }
        int one = 0; // index of the 0x01 that ends the padding
        int found = 0;
        for (int i = hashLength; i < data.length; i++) {
            int nonZero = ~-isZero(data[i]);
            int hit = nonZero & ~found;
            one |= i & hit;
            wrong |= hit & (data[i] ^ 1) & 0xff;
            found |= hit;
        }
        wrong |= ~found & 0xff;
        byte[] message = wrong != 0 ? null : Arrays.copyOfRange(data, one + 1, data.length);
        Arrays.fill(data, (byte) 0);
        return message;
    }

    /** 1 for a zero byte, else 0. */
    private static int isZero(byte value) {
        return (value & 0xff) - 1 >>> 31;
    }
}
