package org.tokend.pkcs11.uri;

/** Which characters may stand as they are (RFC 7512 §2.3, the ABNF). */
final class UriCharacters {
    private static final String RESERVED_AVAILABLE = ":[]@!$'()*+,=";

    private UriCharacters() {}

    static boolean allowedInPath(char c) {
        return common(c) || c == '&';
    }

    static boolean allowedInQuery(char c) {
        return common(c) || c == '/' || c == '?' || c == '|';
    }

    /** pk11-v-attr-nm-char: letters, digits, hyphen, underscore. */
    static boolean allowedInName(char c) {
        return letterOrDigit(c) || c == '-' || c == '_';
    }

    private static boolean common(char c) {
        return letterOrDigit(c) || "-._~".indexOf(c) >= 0 || RESERVED_AVAILABLE.indexOf(c) >= 0;
    }

    private static boolean letterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
