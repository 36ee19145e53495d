package org.tokend.protocol;

/**
 * How well its token keeps a private key. Answered by {@link Reply.Protection}; the token must be unlocked.
 *
 * @param key {@code pkcs11:} URI or {@code sha256:} fingerprint
 */
public record DescribeProtection(String key) implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.DescribeProtection";
    }
}
