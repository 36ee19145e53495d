package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The keys of one token, or of all. Never prompts. Answered by {@link Reply.Keys}.
 *
 * @param token URI, or null for all tokens
 * @param key URI or fingerprint that they must fit, or null; a token may have thousands
 */
public record ListKeys(@Nullable String token, @Nullable String key) implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.ListKeys";
    }
}
