package org.tokend.daemon.access;

import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.KeyDescriptor;

/** The rules for programs; the first that matches holds. */
final class ApplicationRules {
    private final List<ApplicationRule> rules;

    ApplicationRules(List<ApplicationRule> rules) {
        this.rules = List.copyOf(rules);
    }

    boolean shows(Caller caller, KeyDescriptor key) {
        return !of(caller, key).rights().isEmpty();
    }

    boolean allows(Caller caller, KeyDescriptor key, KeyRight right) {
        return of(caller, key).rights().contains(right);
    }

    boolean offers(Caller caller, long mechanism) {
        ApplicationRule rule = of(caller);
        return rule.profile().offers(mechanism)
                && (rule.mechanisms().isEmpty() || rule.mechanisms().contains(mechanism));
    }

    /** Why the caller may not change tokens. The name of a program that is confined is the name that it gave itself. */
    Optional<String> objectionToManaging(Caller caller) {
        if (of(caller).profile() != Profile.MANAGE) {
            return Optional.of("the program " + caller.program()
                    + " does not manage tokens; name it in an [[application]] table with profile = \"manage\"");
        }
        if (caller.sandbox() != Caller.Sandbox.NONE) {
            return Optional.of("the program " + caller.program()
                    + " runs confined, and then its name proves nothing; run it outside its sandbox");
        }
        return Optional.empty();
    }

    private ApplicationRule of(Caller caller, KeyDescriptor key) {
        return rules.stream()
                .filter(rule -> rule.isFor(caller) && rule.isAbout(key))
                .findFirst()
                .orElse(ApplicationRule.DEFAULT);
    }

    private ApplicationRule of(Caller caller) {
        return rules.stream()
                .filter(rule -> rule.isAboutAllKeys() && rule.isFor(caller))
                .findFirst()
                .orElse(ApplicationRule.DEFAULT);
    }
}
