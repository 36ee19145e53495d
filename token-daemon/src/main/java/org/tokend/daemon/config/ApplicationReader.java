package org.tokend.daemon.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.tokend.daemon.access.ApplicationRule;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.access.KeyRight;
import org.tokend.daemon.access.Profile;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.uri.Pkcs11UriException;

/** Reads one [[application]] table. */
final class ApplicationReader {
    private static final String HIDDEN = "hidden";

    private ApplicationReader() {}

    static ApplicationRule read(Section section) {
        ApplicationRule rule = new ApplicationRule(
                Set.copyOf(section.programs("programs")),
                Set.copyOf(section.numbers("uids", 0)),
                keys(section),
                rights(section),
                mechanisms(section),
                section.choice("profile", Profile.MAIL));
        if (rule.profile() == Profile.MANAGE && rule.programs().isEmpty()) {
            section.problem(
                    "profile",
                    "`profile = \"manage\"` is for all programs",
                    "name those that may change tokens, such as programs = [\"/usr/bin/p11tool\"]");
        }
        for (String key : List.of("profile", "mechanisms")) {
            if (!rule.keys().isEmpty() && section.has(key)) {
                section.problem(
                        key,
                        "`" + key + "` stands beside `keys`, and no PKCS#11 function asks for it key by key",
                        "write it in an [[application]] table without `keys`");
            }
        }
        section.finish();
        return rule;
    }

    private static List<KeyName> keys(Section section) {
        List<KeyName> names = new ArrayList<>();
        for (String text : texts(section, "keys")) {
            try {
                names.add(KeyName.parse(text));
            } catch (Pkcs11UriException e) {
                // The text is not repeated: it may carry a PIN.
                section.problem(
                        "keys",
                        "`keys` holds what is no key's name: " + e.getMessage(),
                        "tokenctl keys shows the names of all keys");
            }
        }
        return names;
    }

    private static Set<KeyRight> rights(Section section) {
        List<String> names = section.texts("keys-may");
        if (names == null) {
            return EnumSet.allOf(KeyRight.class);
        }
        Set<KeyRight> rights = EnumSet.noneOf(KeyRight.class);
        for (String name : names) {
            if (!name.equals(HIDDEN)) {
                right(section, name, rights);
            }
        }
        if (names.isEmpty() || names.contains(HIDDEN) && names.size() > 1) {
            section.problem(
                    "keys-may",
                    "`keys-may` is " + (names.isEmpty() ? "empty" : "\"hidden\" and more"),
                    "write [\"hidden\"] alone, or what the programs may do");
        }
        return rights;
    }

    private static void right(Section section, String name, Set<KeyRight> rights) {
        for (KeyRight right : KeyRight.values()) {
            if (right.name().toLowerCase(Locale.ROOT).equals(name)) {
                rights.add(right);
                rights.add(KeyRight.LISTED);
                return;
            }
        }
        section.problem(
                "keys-may",
                "`keys-may` does not know \"" + name + "\"",
                "write [\"hidden\"], or some of \"listed\", \"sign\", \"decrypt\", \"derive\"");
    }

    private static Set<Long> mechanisms(Section section) {
        Set<Long> mechanisms = new LinkedHashSet<>();
        for (String name : texts(section, "mechanisms")) {
            OptionalLong number = name.matches("0x[0-9a-fA-F]{1,8}")
                    ? OptionalLong.of(Long.parseLong(name.substring(2), 16))
                    : CKM.ofName(name);
            number.ifPresentOrElse(
                    mechanisms::add,
                    () -> section.problem(
                            "mechanisms",
                            "`mechanisms` does not know \"" + name + "\"",
                            "write a name such as \"CKM_RSA_PKCS\", or a number such as \"0x1\""));
        }
        return mechanisms;
    }

    private static List<String> texts(Section section, String key) {
        return Objects.requireNonNullElse(section.texts(key), List.of());
    }
}
