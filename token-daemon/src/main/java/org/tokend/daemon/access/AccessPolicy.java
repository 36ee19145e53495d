package org.tokend.daemon.access;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokend.pkcs11.KeyDescriptor;

/** The only authorisation point. A pure function of caller, key, use and the configured rules; the first that matches holds. */
public final class AccessPolicy {
    private final List<KeyRule> rules;
    private final ApplicationRules applications;

    public AccessPolicy(List<KeyRule> rules, List<ApplicationRule> applications) {
        this.rules = List.copyOf(rules);
        this.applications = new ApplicationRules(applications);
    }

    public Decision decide(Caller caller, KeyDescriptor key, KeyUse use) {
        Optional<KeyRule> rule = ruleFor(key);
        Optional<String> denial = missingRight(caller, key, use)
                .or(() -> use.issues() ? notAuthority(key) : Optional.empty())
                .or(() -> rule.flatMap(found -> denial(found, caller, key, use)));
        if (denial.isPresent()) {
            return new Decision.Denied(denial.get());
        }
        Grant grant = new Grant(caller, key, use);
        boolean confirm = rule.map(KeyRule::confirm).orElse(false) || caller.sandbox() != Caller.Sandbox.NONE;
        return confirm ? new Decision.NeedsConfirmation(grant) : new Decision.Granted(grant);
    }

    /** Whether the caller may know that the key is there. */
    public boolean shows(Caller caller, KeyDescriptor key) {
        return applications.shows(caller, key);
    }

    /** Whether there is anything that the caller may do with the key, were it only after a question. */
    public boolean mayUse(Caller caller, KeyDescriptor key) {
        return Stream.of(KeyRight.SIGN, KeyRight.DECRYPT, KeyRight.DERIVE)
                .anyMatch(right -> applications.allows(caller, key, right));
    }

    /** Whether the caller may be offered a mechanism, by its number. */
    public boolean offers(Caller caller, long mechanism) {
        return applications.offers(caller, mechanism);
    }

    /** @return one sentence for the caller who may not change tokens and PINs; empty for one who may */
    public Optional<String> objectionToManaging(Caller caller) {
        return applications.objectionToManaging(caller);
    }

    /** @return one sentence for the caller who may not issue certificates with the key at all; empty for one who may on an occasion */
    public Optional<String> objectionToIssuing(Caller caller, KeyDescriptor key) {
        if (!applications.allows(caller, key, KeyRight.SIGN)) {
            return Optional.of("the program " + caller.program() + " may not sign with the key " + key.fingerprint()
                    + "; its [[application]] table in the configuration lists what it may");
        }
        return notAuthority(key).or(() -> ruleFor(key).flatMap(rule -> foreign(rule, caller, key)));
    }

    private Optional<String> notAuthority(KeyDescriptor key) {
        return ruleFor(key).filter(rule -> rule.role() == KeyRule.Role.CA).isPresent()
                ? Optional.empty()
                : Optional.of("the key " + key.fingerprint()
                        + " is no CA's; name it in a [[key]] table of the configuration with role = \"ca\"");
    }

    private static Optional<String> foreign(KeyRule rule, Caller caller, KeyDescriptor key) {
        return rule.programs().isEmpty() || rule.programs().contains(caller.program())
                ? Optional.empty()
                : Optional.of("the program " + caller.program() + " may not use the key " + key.fingerprint()
                        + "; its [[key]] table in the configuration lists the programs that may");
    }

    /** Whether uses of the key are on the disk itself before they are answered. */
    public boolean needsDurableAudit(KeyDescriptor key) {
        return ruleFor(key).filter(rule -> rule.role() == KeyRule.Role.CA).isPresent();
    }

    private Optional<String> missingRight(Caller caller, KeyDescriptor key, KeyUse use) {
        KeyRight right = KeyRight.neededFor(use.algorithm());
        if (applications.allows(caller, key, right)) {
            return Optional.empty();
        }
        return Optional.of(
                "the program " + caller.program() + " may not " + use.what().action() + " with the key "
                        + key.fingerprint() + "; its [[application]] table in the configuration lists what it may");
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
        Optional<String> foreign = foreign(rule, caller, key);
        if (foreign.isPresent()) {
            return foreign;
        }
        if (rule.role() == KeyRule.Role.CA && !use.issues()) {
            return Optional.of("the key " + name + " has the role ca, which answers no plain "
                    + (use.what() == KeyUse.What.PLAIN_DIGEST ? "digests" : "ciphertexts")
                    + "; use another key, or change its role in the configuration");
        }
        return Optional.empty();
    }
}
