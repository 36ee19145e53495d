package org.tokend.daemon.access;

import java.util.List;
import org.tokend.pkcs11.KeyDescriptor;

/** The only authorisation point. A pure function of caller, key, use and the configured rules; the first that matches holds. */
public final class AccessPolicy {
    private final List<KeyRule> rules;

    public AccessPolicy(List<KeyRule> rules) {
        this.rules = List.copyOf(rules);
    }

    public Decision decide(Caller caller, KeyDescriptor key, KeyUse use) {
        KeyRule rule = ruleFor(key);
        String name = key.fingerprint().toString();
        if (!rule.algorithms().isEmpty() && !rule.algorithms().contains(use.algorithm())) {
            return new Decision.Denied("the key " + name + " may not be used for "
                    + use.algorithm().wireName() + "; its [[key]] table in the configuration lists what it may");
        }
        if (!rule.programs().isEmpty() && !rule.programs().contains(caller.program())) {
            return new Decision.Denied("the program " + caller.program() + " may not use the key " + name
                    + "; its [[key]] table in the configuration lists the programs that may");
        }
        if (rule.role() == KeyRule.Role.CA) {
            return new Decision.Denied("the key " + name + " has the role ca and signs no plain digests; "
                    + "use another key, or change its role in the configuration");
        }
        Grant grant = new Grant(caller, key, use);
        return rule.confirm() || isConfined(caller)
                ? new Decision.NeedsConfirmation(grant)
                : new Decision.Granted(grant);
    }

    /** Whether uses of the key are recorded on the disk itself before they are answered. */
    public boolean needsDurableAudit(KeyDescriptor key) {
        return ruleFor(key).role() == KeyRule.Role.CA;
    }

    private KeyRule ruleFor(KeyDescriptor key) {
        return rules.stream().filter(rule -> rule.matches().test(key)).findFirst().orElse(KeyRule.DEFAULT);
    }

    private static boolean isConfined(Caller caller) {
        return caller.sandbox() != Caller.Sandbox.NONE;
    }
}
