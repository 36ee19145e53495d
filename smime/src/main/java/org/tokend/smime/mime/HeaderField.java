package org.tokend.smime.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One header field as it stood in the mail.
 *
 * @param name as written, without the colon
 * @param raw the whole field: name, colon, value, folds as CRLF, no line break at the end
 */
public record HeaderField(String name, byte[] raw) {

    /** The value on one line: folds removed, surrounding blanks trimmed. */
    public String value() {
        int colon = 0;
        while (colon < raw.length && raw[colon] != ':') {
            colon++;
        }
        int start = Math.min(colon + 1, raw.length);
        String text = new String(raw, start, raw.length - start, StandardCharsets.UTF_8);
        return text.replace("\r\n", "").trim();
    }

    boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The fields that describe the content and so belong to the signed entity (RFC 8551 §3.1). */
    boolean describesContent() {
        return name.toLowerCase(Locale.ROOT).startsWith("content-");
    }

    HeaderField withParameter(String parameter) {
        int end = raw.length;
        while (end > 0 && (raw[end - 1] <= ' ' || raw[end - 1] == ';')) {
            end--;
        }
        byte[] more = (";\r\n " + parameter).getBytes(StandardCharsets.US_ASCII);
        byte[] changed = Arrays.copyOf(raw, end + more.length);
        System.arraycopy(more, 0, changed, end, more.length);
        return new HeaderField(name, changed);
    }

    static HeaderField of(String name, String value) {
        return new HeaderField(name, (name + ": " + value).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderField field && field.name.equals(name) && Arrays.equals(field.raw, raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return new String(raw, StandardCharsets.UTF_8);
    }
}
