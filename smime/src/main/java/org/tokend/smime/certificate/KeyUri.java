package org.tokend.smime.certificate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** RFC 7512 matching as far as choosing among listed keys needs it: what the name says, the key's URI says too. */
public final class KeyUri {

    private KeyUri() {}

    public static boolean matches(String name, String keyUri) {
        Map<String, String> key = attributes(keyUri);
        return attributes(name).entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(key.get(wanted.getKey())));
    }

    private static Map<String, String> attributes(String uri) {
        String path = uri.substring("pkcs11:".length());
        int query = path.indexOf('?');
        Map<String, String> found = new LinkedHashMap<>();
        for (String attribute : (query < 0 ? path : path.substring(0, query)).split(";", -1)) {
            int equals = attribute.indexOf('=');
            if (equals > 0) {
                found.put(attribute.substring(0, equals), decoded(attribute.substring(equals + 1)));
            }
        }
        // A public or private key and its certificate share all else.
        found.remove("type");
        return found;
    }

    /** As ISO 8859-1 characters, one for each octet: octets are what RFC 7512 §2.5 compares. */
    private static String decoded(String value) {
        StringBuilder octets = new StringBuilder();
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            if (c == '%' && i + 2 < value.length() && isHex(value, i + 1)) {
                octets.append((char) Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 3;
            } else if (c < 0x80) {
                octets.append(c);
                i++;
            } else {
                for (byte b : String.valueOf(c).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    octets.append((char) (b & 0xff));
                }
                i++;
            }
        }
        return octets.toString();
    }

    private static boolean isHex(String value, int at) {
        return "0123456789abcdef".indexOf(value.toLowerCase(Locale.ROOT).charAt(at)) >= 0
                && "0123456789abcdef".indexOf(value.toLowerCase(Locale.ROOT).charAt(at + 1)) >= 0;
    }
}
