package org.tokend.pkcs11.uri;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the normal form of a URI. */
final class UriWriter {
    /** The order of the tables in RFC 7512 §2.3 and §2.4, token before object; vendors' attributes follow in their own order. */
    private static final List<String> PATH_ORDER = List.of(
            "token",
            "manufacturer",
            "serial",
            "model",
            "library-manufacturer",
            "library-description",
            "library-version",
            "slot-description",
            "slot-manufacturer",
            "slot-id",
            "id",
            "object",
            "type");

    private static final List<String> QUERY_ORDER = List.of("pin-source", "module-name", "module-path");

    private UriWriter() {}

    static String write(Map<String, byte[]> path, Map<String, byte[]> query) {
        StringBuilder out = new StringBuilder(Pkcs11Uri.SCHEME);
        append(out, path, PATH_ORDER, ';', UriCharacters::allowedInPath);
        if (!query.isEmpty()) {
            out.append('?');
            append(out, query, QUERY_ORDER, '&', UriCharacters::allowedInQuery);
        }
        return out.toString();
    }

    private static void append(
            StringBuilder out, Map<String, byte[]> attributes, List<String> order, char separator, Allowed allowed) {
        List<String> names = new ArrayList<>(order);
        attributes.keySet().stream()
                .filter(name -> !order.contains(name))
                .sorted()
                .forEach(names::add);
        boolean first = true;
        for (String name : names) {
            byte[] value = attributes.get(name);
            if (value == null) {
                continue;
            }
            if (!first) {
                out.append(separator);
            }
            first = false;
            out.append(name).append('=');
            // RFC 7512 §2.3: the whole of "id" SHOULD be percent-encoded.
            boolean binary = name.equals("id");
            for (byte each : value) {
                if (!binary && allowed.test((char) (each & 0xff))) {
                    out.append((char) each);
                } else {
                    out.append('%')
                            .append(Character.toUpperCase(Character.forDigit(each >> 4 & 15, 16)))
                            .append(Character.toUpperCase(Character.forDigit(each & 15, 16)));
                }
            }
        }
    }

    private interface Allowed {
        boolean test(char c);
    }
}
