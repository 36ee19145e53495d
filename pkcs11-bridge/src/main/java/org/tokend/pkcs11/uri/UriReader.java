package org.tokend.pkcs11.uri;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads one URI, strictly by the ABNF of RFC 7512 §2.3. Used once. */
final class UriReader {
    private static final Set<String> TYPES = Set.of("private", "public", "cert", "secret-key", "data");

    private final String text;
    private int position;

    UriReader(String text) {
        this.text = text;
    }

    Pkcs11Uri read() throws Pkcs11UriException {
        if (!text.regionMatches(true, 0, Pkcs11Uri.SCHEME, 0, Pkcs11Uri.SCHEME.length())) {
            throw new Pkcs11UriException(0, "it must begin with \"pkcs11:\"");
        }
        position = Pkcs11Uri.SCHEME.length();
        Map<String, byte[]> path = attributes(false);
        Map<String, byte[]> query = Map.of();
        if (position < text.length()) {
            position++;
            query = attributes(true);
        }
        return new Pkcs11Uri(path, query);
    }

    private Map<String, byte[]> attributes(boolean query) throws Pkcs11UriException {
        Map<String, byte[]> attributes = new LinkedHashMap<>();
        char separator = query ? '&' : ';';
        while (!atEnd(query)) {
            int start = position;
            String name = name();
            if (query && name.equals("pin-value")) {
                throw new Pkcs11UriException(
                        start, "pin-value is refused, because a PIN in a URI ends up in logs; use pin-source");
            }
            byte[] value = value(query, separator);
            check(name, value, start);
            if (attributes.put(name, value) != null) {
                throw new Pkcs11UriException(start, "the attribute \"" + name + "\" stands there twice");
            }
            if (!atEnd(query)) {
                position++;
                if (atEnd(query)) {
                    throw new Pkcs11UriException(position, "an attribute is missing after '" + separator + "'");
                }
            }
        }
        return attributes;
    }

    private boolean atEnd(boolean query) {
        return position >= text.length() || !query && text.charAt(position) == '?';
    }

    private String name() throws Pkcs11UriException {
        int start = position;
        while (position < text.length() && UriCharacters.allowedInName(text.charAt(position))) {
            position++;
        }
        if (position == start) {
            throw new Pkcs11UriException(start, "the name of an attribute is missing");
        }
        if (position == text.length() || text.charAt(position) != '=') {
            throw new Pkcs11UriException(position, "'=' must follow the name of an attribute");
        }
        return text.substring(start, position++);
    }

    private byte[] value(boolean query, char separator) throws Pkcs11UriException {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        while (!atEnd(query) && text.charAt(position) != separator) {
            char c = text.charAt(position);
            if (c == '%') {
                value.write(percentEncoded());
            } else if (query ? UriCharacters.allowedInQuery(c) : UriCharacters.allowedInPath(c)) {
                value.write(c);
                position++;
            } else {
                throw new Pkcs11UriException(position, notAllowed(c));
            }
        }
        return value.toByteArray();
    }

    private int percentEncoded() throws Pkcs11UriException {
        int high = position + 1 < text.length() ? Character.digit(text.charAt(position + 1), 16) : -1;
        int low = position + 2 < text.length() ? Character.digit(text.charAt(position + 2), 16) : -1;
        if (high < 0 || low < 0 || text.charAt(position + 1) > 'f' || text.charAt(position + 2) > 'f') {
            throw new Pkcs11UriException(position, "two hexadecimal digits must follow '%'");
        }
        position += 3;
        return high << 4 | low;
    }

    private static String notAllowed(char c) {
        if (c == ' ') {
            return "a blank must be written as %20";
        }
        if (c > ' ' && c < 0x7f) {
            return "'" + c + "' must be written as %" + Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT);
        }
        return "only ASCII may stand here; write other characters as the percent-encoded bytes of UTF-8";
    }

    private static void check(String name, byte[] value, int start) throws Pkcs11UriException {
        if (name.equals("id")) {
            return;
        }
        String decoded;
        try {
            decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Pkcs11UriException(start, "the value of \"" + name + "\" is not UTF-8");
        }
        if (name.equals("type") && !TYPES.contains(decoded)) {
            throw new Pkcs11UriException(start, "\"type\" must be one of private, public, cert, secret-key, data");
        }
        if (name.equals("slot-id") && !decoded.matches("[0-9]{1,19}")) {
            throw new Pkcs11UriException(start, "\"slot-id\" must be a number");
        }
        if (name.equals("library-version") && !decoded.matches("[0-9]+(\\.[0-9]+)?")) {
            throw new Pkcs11UriException(start, "\"library-version\" must look like 1.4");
        }
    }
}
