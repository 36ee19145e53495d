package org.tokend.smime.policy;

/**
 * What an algorithm or a key is worth.
 *
 * @param text what it is about and why, empty for {@code GOOD}
 */
public record Rating(Worth worth, String text) {

    public static final Rating GOOD = new Rating(Worth.GOOD, "");

    /** From best to worst. */
    public enum Worth {
        GOOD,
        /** Enough to read what was made when it still was good; nothing new is made with it. */
        OLD,
        REFUSED
    }

    public boolean isRefused() {
        return worth == Worth.REFUSED;
    }

    public Rating worse(Rating other) {
        return other.worth().compareTo(worth) > 0 ? other : this;
    }
}
