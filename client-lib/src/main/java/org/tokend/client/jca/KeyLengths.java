package org.tokend.client.jca;

import java.util.Locale;
import java.util.Map;

/** How long keys are, by the names and OIDs by which JCA programs and Bouncy Castle's CMS call their algorithms. */
final class KeyLengths {
    private static final String AES = "2.16.840.1.101.3.4.1.";

    /** RFC 3565 and RFC 5084: the last number of the OID is 2 (CBC), 5 (wrap), 6 (GCM) or 7 (CCM) in each block of twenty. */
    private static final Map<String, Integer> BY_NAME = Map.ofEntries(
            Map.entry("DESEDE", 24),
            Map.entry("TRIPLEDES", 24),
            Map.entry("1.2.840.113549.3.7", 24),
            Map.entry("1.2.840.113549.1.9.16.3.6", 24),
            Map.entry("CHACHA20", 32),
            Map.entry("CHACHA20-POLY1305", 32),
            Map.entry("1.2.840.113549.1.9.16.3.18", 32));

    private KeyLengths() {}

    /** In bytes; 0 where the name does not tell, as with plain AES. */
    static int ofContent(String algorithm) {
        String name = algorithm.toUpperCase(Locale.ROOT);
        if (!name.startsWith(AES)) {
            return BY_NAME.getOrDefault(name, 0);
        }
        return switch (name.substring(AES.length())) {
            case "2", "5", "6", "7", "8" -> 16;
            case "22", "25", "26", "27", "28" -> 24;
            case "42", "45", "46", "47", "48" -> 32;
            default -> 0;
        };
    }
}
