package org.tokend.pkcs11.cryptoki;

import java.nio.charset.StandardCharsets;

/** The fixed-length texts of PKCS#11: blank-padded UTF-8 by the book, NUL-padded or cut in mid-character in the field. */
final class Text {
    private Text() {}

    /** Decodes what a wrapper widened byte by byte. */
    static String ofBytes(char[] bytes) {
        byte[] narrow = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            narrow[i] = (byte) bytes[i];
        }
        return trimmed(new String(narrow, StandardCharsets.UTF_8));
    }

    /** Takes blanks and NUL off the end, and all that follows a NUL: it was the C string's end. */
    static String trimmed(String text) {
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
