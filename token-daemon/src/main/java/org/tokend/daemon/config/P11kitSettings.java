package org.tokend.daemon.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The socket for PKCS#11 applications.
 *
 * @param socket null: $XDG_RUNTIME_DIR/p11-kit/pkcs11, where p11-kit-client.so looks without being told
 * @param acceptClientPin whether a PIN that an application sends is used; else it is wiped, and the person is asked
 * @param maxSessions of one application
 * @param maxObjects of its sessions, for one application
 */
public record P11kitSettings(
        boolean enabled,
        @Nullable Path socket,
        boolean acceptClientPin,
        int maxConnections,
        int maxConnectionsPerProgram,
        int maxSessions,
        int maxObjects) {

    public static P11kitSettings defaults() {
        return new P11kitSettings(true, null, false, 256, 64, 1024, 4096);
    }
}
