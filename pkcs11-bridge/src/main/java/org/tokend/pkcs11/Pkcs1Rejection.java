package org.tokend.pkcs11;

import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What takes the place of a plaintext of RSAES-PKCS1-v1_5 that is rejected (implicit rejection).
 *
 * @param lengths which plaintexts are taken when their padding is right, by their length in bytes
 * @param substitute must follow from key and ciphertext, or asking twice tells
 */
public record Pkcs1Rejection(IntPredicate lengths, byte[] substitute) {

    /** Takes plaintexts exactly as long as the substitute. */
    public static Pkcs1Rejection ofItsLength(byte[] substitute) {
        return new Pkcs1Rejection(length -> length == substitute.length, substitute);
    }

    public static Pkcs1Rejection ofLengths(Set<Integer> lengths, byte[] substitute) {
        return new Pkcs1Rejection(lengths::contains, substitute);
    }

    public static Pkcs1Rejection ofAnyLength(byte[] substitute) {
        return new Pkcs1Rejection(length -> true, substitute);
    }

    @Override
    public String toString() {
        return "Pkcs1Rejection[" + substitute.length + " bytes]";
    }
}
