package org.tokend.daemon.access;

import java.util.Set;
import org.tokend.protocol.Algorithm;

/**
 * What may be done with the keys that a name matches.
 *
 * @param algorithms empty: all that the key can do
 * @param programs paths of executables; empty: all. A program of the same user can pose as another, so this narrows what an
 *     honest program may do and no more
 * @param confirm ask the person each time
 */
public record KeyRule(KeyName key, Role role, Set<Algorithm> algorithms, Set<String> programs, boolean confirm) {

    public enum Role {
        /** Signs and decrypts mail: what holds for a key that the configuration does not name. */
        MAIL,
        /** Whatever programs want. */
        GENERIC,
        /** Issues certificates: signs nothing that the daemon has not read, so no plain digests, and on named occasions only. */
        CA
    }
}
