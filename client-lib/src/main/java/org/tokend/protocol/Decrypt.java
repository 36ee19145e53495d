package org.tokend.protocol;

/**
 * Decrypts one RSA block. Answered by {@link Reply.Plaintext}. With {@link Algorithm#RSA_PKCS1} the caller must say how long
 * the plaintext is, and a bad padding is answered by a pseudo-random plaintext of that length (implicit rejection).
 *
 * @param length the length of the plaintext in bytes for RSA_PKCS1, 0 for OAEP
 */
public record Decrypt(String key, Algorithm algorithm, byte[] ciphertext, int length, String purpose)
        implements PrivateKeyRequest {
    @Override
    public String method() {
        return "org.tokend.Token.Decrypt";
    }
}
