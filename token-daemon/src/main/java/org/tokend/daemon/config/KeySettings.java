package org.tokend.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tokend.protocol.Algorithm;

/**
 * What may be done with one key, or with all that its URI matches. The first that matches holds.
 *
 * @param key {@code pkcs11:} URI or {@code sha256:} fingerprint
 * @param algorithms empty: all that the key can do
 * @param programs executables that may use the key; empty: all
 * @param confirm ask the person each time
 */
public record KeySettings(String key, Role role, Set<Algorithm> algorithms, List<Path> programs, boolean confirm) {

    public enum Role {
        /** Signs and decrypts mail. */
        MAIL,
        /** Whatever programs want. */
        GENERIC,
        /** Issues certificates: signs nothing that it has not read, so no plain digests. */
        CA
    }
}
