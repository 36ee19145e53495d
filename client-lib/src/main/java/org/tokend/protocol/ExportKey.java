package org.tokend.protocol;

/**
 * Takes a copy of a key pair and its certificates off a token, encrypted with a passphrase that the daemon asks of the person. Answered by
 * {@link Reply.Pkcs12}.
 *
 * @param key {@code pkcs11:} URI or {@code sha256:} fingerprint
 * @param legacy encrypt as programs of before 2020 can read it (three-key Triple DES, SHA-1), which protects less
 */
public record ExportKey(String key, boolean legacy) implements ProvisionRequest {
    @Override
    public String method() {
        return "org.tokend.Token.ExportKey";
    }
}
