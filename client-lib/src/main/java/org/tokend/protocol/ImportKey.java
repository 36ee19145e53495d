package org.tokend.protocol;

/**
 * Puts the key pair and the certificates of a PKCS#12 file on a token. Answered by {@link Reply.Keys} with the one key.
 *
 * @param token {@code pkcs11:} URI
 * @param pkcs12 PFX, DER (RFC 7292), with one private key
 * @param label CKA_LABEL; empty for the friendly name in the file
 * @param extractable whether the token may let the private key go again
 */
public record ImportKey(String token, byte[] pkcs12, String label, boolean extractable) implements ProvisionRequest {
    @Override
    public String method() {
        return "org.tokend.Token.ImportKey";
    }
}
