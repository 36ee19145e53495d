package org.tokend.daemon.access;

import java.util.Set;
import java.util.function.Predicate;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;

/**
 * What may be done with the keys that match.
 *
 * @param algorithms empty: all
 * @param programs paths of executables; empty: all
 */
public record KeyRule(
        Predicate<KeyDescriptor> matches, Role role, Set<Algorithm> algorithms, Set<String> programs, boolean confirm) {

    /** What holds for a key that the configuration does not name. */
    static final KeyRule DEFAULT = new KeyRule(key -> true, Role.MAIL, Set.of(), Set.of(), false);

    public enum Role {
        MAIL,
        GENERIC,
        CA
    }
}
