package org.tokend.client.jca;

import java.security.spec.AlgorithmParameterSpec;

/**
 * How long the plaintext of an RSA/ECB/PKCS1Padding block is, for {@code Cipher.init}. Without it the plaintext must be a key
 * of 16, 24 or 32 bytes, because tokend answers a wrong padding with random-looking bytes and has to know how many.
 *
 * @param bytes 1 up to the length of the modulus less 11
 */
public record PlaintextLength(int bytes) implements AlgorithmParameterSpec {
    public PlaintextLength {
        if (bytes < 1) {
            throw new IllegalArgumentException("A plaintext has at least one byte");
        }
    }
}
