package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/** The keys of one token, or of all. Never prompts. Answered by {@link Reply.Keys}. */
public record ListKeys(@Nullable String token) implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.ListKeys";
    }
}
