package org.tokend.daemon.prompt;

/**
 * Makes text of unknown origin safe to show. Labels come from cards and purposes from programs; either may hold line breaks
 * that would forge a protocol line, escape sequences that rewrite a terminal, or marks that turn reading direction round.
 */
final class PromptText {
    private static final int REPLACEMENT = 0xFFFD;

    private PromptText() {}

    /** One line of at most so many characters; what cannot be shown as itself becomes U+FFFD. */
    static String oneLine(String text, int maxCharacters) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), maxCharacters) + 1);
        int count = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (count++ == maxCharacters) {
                return safe.append('…').toString();
            }
            safe.appendCodePoint(visible(character) ? character : REPLACEMENT);
        }
        return safe.toString();
    }

    private static boolean visible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
