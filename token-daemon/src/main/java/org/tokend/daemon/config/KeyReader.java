package org.tokend.daemon.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tokend.protocol.Algorithm;

/** Reads one [[key]] table. */
final class KeyReader {
    private KeyReader() {}

    static KeySettings read(Section section) {
        String key = section.requiredText("key", "write key = \"pkcs11:...\" or key = \"sha256:...\"");
        if (!key.isEmpty() && !key.matches("sha256:[0-9a-f]{64}")) {
            checkUri(section, "key", key);
        }
        KeySettings settings = new KeySettings(
                key,
                section.choice("role", KeySettings.Role.MAIL),
                algorithms(section),
                programs(section),
                section.flag("confirm", false));
        section.finish();
        return settings;
    }

    static void checkUri(Section section, String key, String uri) {
        if (!uri.startsWith("pkcs11:")) {
            section.problem(key, "`" + key + "` is \"" + uri + "\"", "write a pkcs11: URI (tokenctl tokens shows it)");
        } else if (uri.contains("pin-value=")) {
            section.problem(key, "`" + key + "` carries a PIN", "remove pin-value and change that PIN");
        }
    }

    private static Set<Algorithm> algorithms(Section section) {
        List<String> names = section.texts("algorithms");
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        for (String name : names == null ? List.<String>of() : names) {
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

    private static List<Path> programs(Section section) {
        List<String> names = section.texts("programs");
        if (names == null) {
            return List.of();
        }
        for (String name : names) {
            if (!name.startsWith("/")) {
                section.problem("programs", "\"" + name + "\" is not an absolute path", "write one that starts with /");
            }
        }
        return names.stream().map(Path::of).toList();
    }

    private static String allNames() {
        return Arrays.stream(Algorithm.values()).map(Algorithm::wireName).collect(Collectors.joining(", "));
    }
}
