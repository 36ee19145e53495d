package org.tokend.protocol;

/** All tokens, configured and discovered, present or not. Answered by {@link Reply.Tokens}. */
public record ListTokens() implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.ListTokens";
    }
}
