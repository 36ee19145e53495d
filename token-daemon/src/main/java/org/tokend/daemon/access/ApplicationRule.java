package org.tokend.daemon.access;

import java.util.List;
import java.util.Set;
import org.tokend.pkcs11.KeyDescriptor;

/**
 * What programs may see and do. Rights hold at both fronts, so that nobody is let in by one door where the other is shut;
 * mechanisms and profile are about PKCS#11 applications, but for the right to change tokens without a question each time.
 *
 * @param programs paths of executables; empty: all
 * @param uids empty: all
 * @param keys which keys it is about; empty: all, and only such a rule says something of mechanisms and profile
 * @param rights empty: the keys are hidden
 * @param mechanisms numbers of CKM_; empty: all that the profile offers
 */
public record ApplicationRule(
        Set<String> programs,
        Set<Integer> uids,
        List<KeyName> keys,
        Set<KeyRight> rights,
        Set<Long> mechanisms,
        Profile profile) {

    /** What holds for a program that no rule names. */
    static final ApplicationRule DEFAULT =
            new ApplicationRule(Set.of(), Set.of(), List.of(), Set.of(KeyRight.values()), Set.of(), Profile.MAIL);

    public ApplicationRule {
        programs = Set.copyOf(programs);
        uids = Set.copyOf(uids);
        keys = List.copyOf(keys);
        rights = Set.copyOf(rights);
        mechanisms = Set.copyOf(mechanisms);
    }

    boolean isFor(Caller caller) {
        return (programs.isEmpty() || programs.contains(caller.program()))
                && (uids.isEmpty() || uids.contains(caller.uid()));
    }

    boolean isAbout(KeyDescriptor key) {
        return keys.isEmpty() || keys.stream().anyMatch(name -> name.matches(key));
    }

    boolean isAboutAllKeys() {
        return keys.isEmpty();
    }
}
