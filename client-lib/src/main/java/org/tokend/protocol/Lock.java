package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/** Ends the login on one token, or on all. Answered by {@link Reply.Done}. */
public record Lock(@Nullable String token) implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.Lock";
    }
}
