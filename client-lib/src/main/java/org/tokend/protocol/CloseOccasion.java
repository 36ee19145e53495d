package org.tokend.protocol;

/** Ends what {@link OpenOccasion} began, and locks the token. Answered by {@link Reply.Done}. */
public record CloseOccasion(String key) implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.CloseOccasion";
    }
}
