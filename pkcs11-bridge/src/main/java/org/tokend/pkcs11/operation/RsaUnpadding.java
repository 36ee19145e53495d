package org.tokend.pkcs11.operation;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.Pkcs1Rejection;

/**
 * Takes the padding off what raw RSA decryption gave. Nothing before the last step branches on, or indexes by, a secret
 * byte, so that time does not tell where a padding is wrong (RFC 8017 §7.1.2 and §7.2.2, notes).
 */
final class RsaUnpadding {
    private static final int SMALLEST_PKCS1_PADDING = 11;

    private RsaUnpadding() {}

    /**
     * EME-PKCS1-v1_5 with implicit rejection. Only the length of the answer may be told from the time it takes.
     *
     * @return the plaintext, or the substitute when the padding is wrong or leaves a length that is not wanted
     */
    static byte[] pkcs1OrSubstitute(byte[] block, Pkcs1Rejection rejection) {
        byte[] substitute = rejection.substitute();
        int zero = 0; // index of the first zero after the padding
        int found = 0; // all ones once it has been seen
        int right = 0; // all ones when that index leaves a wanted length, and enough padding
        for (int i = 2; i < block.length; i++) {
            int hit = -isZero(block[i]) & ~found;
            zero |= i & hit;
            found |= hit;
            boolean wanted =
                    i >= SMALLEST_PKCS1_PADDING - 1 && rejection.lengths().test(block.length - 1 - i);
            right |= hit & (wanted ? -1 : 0);
        }
        int keep = right & -isZero((byte) (block[0] & 0xff | (block[1] & 0xff) ^ 2));
        int length = block.length - 1 - zero & keep | substitute.length & ~keep;
        byte[] chosen = new byte[block.length];
        int offset = block.length - substitute.length;
        for (int i = 0; i < block.length; i++) {
            int other = i < offset ? 0 : substitute[i - offset];
            chosen[i] = (byte) (block[i] & keep | other & ~keep);
        }
        byte[] result = Arrays.copyOfRange(chosen, chosen.length - length, chosen.length);
        Arrays.fill(chosen, (byte) 0);
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
