package org.tokend.protocol;

/**
 * Lets the caller's user sign certificates and revocation lists with a CA's key for a while. tokend asks the person, and locks the token when the
 * time is over. Answered by {@link Reply.Done}.
 *
 * @param name what every record of this time says, such as {@code issuing CA of 2027}; at most 200 characters, not empty
 * @param seconds at most {@link #LONGEST_SECONDS}
 */
public record OpenOccasion(String key, String name, int seconds) implements Request {

    /** A day. */
    public static final int LONGEST_SECONDS = 24 * 60 * 60;

    @Override
    public String method() {
        return "org.tokend.Token.OpenOccasion";
    }
}
