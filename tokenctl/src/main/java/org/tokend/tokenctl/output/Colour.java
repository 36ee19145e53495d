package org.tokend.tokenctl.output;

/** The few colours that carry a meaning; the text always says the same in words. */
public enum Colour {
    PLAIN(""),
    GOOD("\u001B[32m"),
    WARNING("\u001B[33m"),
    BAD("\u001B[31m"),
    HEADING("\u001B[1m");

    private static final String RESET = "\u001B[0m";

    private final String code;

    Colour(String code) {
        this.code = code;
    }

    public String paint(String text, boolean enabled) {
        return enabled && this != PLAIN ? code + text + RESET : text;
    }
}
