package org.tokend.protocol;

/**
 * Raw ECDH. Answered by {@link Reply.SharedSecret}.
 *
 * @param publicKey the other side's SubjectPublicKeyInfo, DER, on the key's own curve
 */
public record Agree(String key, byte[] publicKey, String purpose) implements PrivateKeyRequest {
    @Override
    public String method() {
        return "org.tokend.Token.Agree";
    }
}
