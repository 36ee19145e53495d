package org.tokend.daemon.access;

import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.KeyDescriptor;

/** The only authorisation point. A pure function of caller, key, use and the configured rules; the first that matches holds. */
public final class AccessPolicy {
    private final List<KeyRule> rules;

    public AccessPolicy(List<KeyRule> rules) {
        this.rules = List.copyOf(rules);
    }

    public Decision decide(Caller caller, KeyDescriptor key, KeyUse use) {
        Optional<KeyRule> rule = ruleFor(key);
        Optional<String> denial = rule.flatMap(found -> denial(found, caller, key, use));
        if (denial.isPresent()) {
            return new Decision.Denied(denial.get());
        }
        Grant grant = new Grant(caller, key, use);
        boolean confirm = rule.map(KeyRule::confirm).orElse(false) || caller.sandbox() != Caller.Sandbox.NONE;
        return confirm ? new Decision.NeedsConfirmation(grant) : new Decision.Granted(grant);
    }

    /** Whether uses of the key are on the disk itself before they are answered. */
    public boolean needsDurableAudit(KeyDescriptor key) {
        return ruleFor(key).filter(rule -> rule.role() == KeyRule.Role.CA).isPresent();
    }

    private Optional<KeyRule> ruleFor(KeyDescriptor key) {
        return rules.stream().filter(rule -> rule.key().matches(key)).findFirst();
    }

    private static Optional<String> denial(KeyRule rule, Caller caller, KeyDescriptor key, KeyUse use) {
        String name = key.fingerprint().toString();
        if (!rule.algorithms().isEmpty() && !rule.algorithms().contains(use.algorithm())) {
            return Optional.of("the key " + name + " may not be used for "
                    + use.algorithm().wireName() + "; its [[key]] table in the configuration lists what it may");
        }
        if (!rule.programs().isEmpty() && !rule.programs().contains(caller.program())) {
            return Optional.of("the program " + caller.program() + " may not use the key " + name
                    + "; its [[key]] table in the configuration lists the programs that may");
        }
        if (rule.role() == KeyRule.Role.CA) {
            return Optional.of("the key " + name + " has the role ca, which answers no plain "
                    + (use.what() == KeyUse.What.PLAIN_DIGEST ? "digests" : "ciphertexts")
                    + "; use another key, or change its role in the configuration");
        }
        return Optional.empty();
    }
}
