package org.tokend.protocol;

/**
 * Makes a key pair on a token. Answered by {@link Reply.Keys} with the one key.
 *
 * @param token {@code pkcs11:} URI
 * @param label CKA_LABEL, at most 200 characters
 * @param extractable whether the token may ever let the private key go, encrypted; false is what makes a token worth having
 */
public record GenerateKey(String token, KeyKind kind, String label, boolean extractable) implements ProvisionRequest {
    @Override
    public String method() {
        return "org.tokend.Token.GenerateKey";
    }
}
