package org.tokend.protocol;

/** Makes the daemon ask the person for the PIN of a token. Answered by {@link Reply.Done}. */
public record Unlock(String token) implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.Unlock";
    }
}
