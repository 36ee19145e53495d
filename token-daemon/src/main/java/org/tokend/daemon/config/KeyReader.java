package org.tokend.daemon.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.access.KeyRule;
import org.tokend.pkcs11.uri.Pkcs11Uri;
import org.tokend.pkcs11.uri.Pkcs11UriException;
import org.tokend.protocol.Algorithm;

/** Reads one [[key]] table, and the URIs of [[token]] tables. */
final class KeyReader {
    private static final Pkcs11Uri NOTHING = Pkcs11Uri.builder().build();

    private KeyReader() {}

    static KeyRule read(Section section) {
        KeyRule rule = new KeyRule(
                keyName(section),
                section.choice("role", KeyRule.Role.MAIL),
                algorithms(section),
                Set.copyOf(section.programs("programs")),
                section.flag("confirm", false));
        section.finish();
        return rule;
    }

    private static KeyName keyName(Section section) {
        String text = section.requiredText("key", "write key = \"pkcs11:...\" or key = \"sha256:...\"");
        try {
            return text.isEmpty() ? new KeyName.Uri(NOTHING) : KeyName.parse(text);
        } catch (Pkcs11UriException e) {
            // The text is not repeated: it may carry a PIN.
            section.problem(
                    "key", "`key` is no key's name: " + e.getMessage(), "tokenctl keys shows the names of all keys");
            return new KeyName.Uri(NOTHING);
        }
    }

    static Pkcs11Uri tokenUri(Section section) {
        String text = section.requiredText("uri", "write uri = \"pkcs11:token=...;serial=...\"");
        try {
            return text.isEmpty() ? NOTHING : Pkcs11Uri.parse(text);
        } catch (Pkcs11UriException e) {
            section.problem(
                    "uri",
                    "`uri` is no token's name: " + e.getMessage(),
                    "tokenctl tokens shows the URIs of all tokens");
            return NOTHING;
        }
    }

    private static Set<Algorithm> algorithms(Section section) {
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        for (String name : texts(section, "algorithms")) {
            Algorithm.ofWireName(name)
                    .ifPresentOrElse(
                            algorithms::add,
                            () -> section.problem(
                                    "algorithms",
                                    "`algorithms` does not know \"" + name + "\"",
                                    "write some of: " + allNames()));
        }
        return Set.copyOf(algorithms);
    }

    private static List<String> texts(Section section, String key) {
        return Objects.requireNonNullElse(section.texts(key), List.of());
    }

    private static String allNames() {
        return Arrays.stream(Algorithm.values()).map(Algorithm::wireName).collect(Collectors.joining(", "));
    }
}
