package org.tokend.protocol;

import java.util.List;

/**
 * Decrypts one RSA block. Answered by {@link Reply.Plaintext}.
 *
 * <p>With {@link Algorithm#RSA_PKCS1} a bad padding and a plaintext of another length than asked for are both answered by a
 * pseudo-random plaintext, the same each time for the same key, ciphertext and length (implicit rejection). Whoever asks
 * cannot tell such an answer from a real one.
 *
 * <p>JCA's {@code Cipher.unwrap} is never told how long the wrapped key is, so for RSA_PKCS1 the length may be left open with 0. Then
 * the plaintext must be a content key of {@link #OPEN_LENGTHS}; anything else is rejected as above, and the
 * pseudo-random function draws also the length of its answer, evenly from these. A forged ciphertext whose padding happens to be right ends
 * at a random place, so it meets each of these lengths as often as a rejected one is given it: the length tells
 * nothing.
 *
 * @param length the length of the plaintext in bytes for RSA_PKCS1, or 0 for a content key of unknown length; 0 for OAEP
 */
public record Decrypt(String key, Algorithm algorithm, byte[] ciphertext, int length, String purpose)
        implements PrivateKeyRequest {
    /** What an open length may turn out to be, in bytes: AES-128, AES-192 and three-key Triple DES, AES-256. */
    public static final List<Integer> OPEN_LENGTHS = List.of(16, 24, 32);

    /** The length of a content key that is not told. */
    public static final int CONTENT_KEY = 0;

    /**
     * For applications of PKCS#11, which may wrap whatever they like: any plaintext is taken, and a rejected one has a pseudo-random length.
     * Never on the wire: who knows what is wrapped gives less away by saying so.
     */
    public static final int ANY_LENGTH = -1;

    @Override
    public String method() {
        return "org.tokend.Token.Decrypt";
    }
}
