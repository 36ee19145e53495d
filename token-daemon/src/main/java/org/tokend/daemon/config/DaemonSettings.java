package org.tokend.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param socket null: $XDG_RUNTIME_DIR/tokend/tokend.sock, or /run/tokend/tokend.sock
 * @param allowGroup group whose members may connect (socket mode 0660), or null
 * @param allowRoot whether uid 0 may connect to a daemon of another user
 * @param frameTimeout how long a frame that has begun may take to arrive
 * @param writeTimeout how long a reply may wait for a program that does not read
 * @param drain how long running requests may take to end at SIGTERM
 * @param stateDirectory null: $STATE_DIRECTORY, $XDG_STATE_HOME/tokend, or /var/lib/tokend
 * @param auditFile null: audit.jsonl in the state directory
 * @param decryptBudget distinct PKCS#1 v1.5 ciphertexts for each key and program in a minute without a person's word
 */
public record DaemonSettings(
        @Nullable Path socket,
        @Nullable String allowGroup,
        boolean allowRoot,
        int maxConnections,
        int maxConnectionsPerProgram,
        int maxWaitingPerToken,
        Duration frameTimeout,
        Duration writeTimeout,
        Duration drain,
        @Nullable Path stateDirectory,
        @Nullable Path auditFile,
        boolean verifySignatures,
        int decryptBudget) {

    public static DaemonSettings defaults() {
        return new DaemonSettings(
                null,
                null,
                false,
                256,
                64,
                256,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                null,
                null,
                true,
                20);
    }
}
