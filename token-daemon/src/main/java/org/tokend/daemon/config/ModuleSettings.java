package org.tokend.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One PKCS#11 module.
 *
 * @param path as written; absolute, checked to be a file that only its owner (root or us) may write
 * @param maxSessions sessions to open at most; the token may allow fewer
 * @param deadline for each call but logins
 * @param loginDeadline for C_Login, where a person may have to use a PIN pad
 * @param environment all that the module's host finds in its environment
 * @param initArguments reserved string of C_Initialize (NSS needs one), or null
 */
public record ModuleSettings(
        String name,
        Path path,
        Isolation isolation,
        Wrapper wrapper,
        int maxSessions,
        Duration deadline,
        Duration loginDeadline,
        Map<String, String> environment,
        @Nullable String initArguments) {

    public static final int DEFAULT_MAX_SESSIONS = 16;
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);
    public static final Duration DEFAULT_LOGIN_DEADLINE = Duration.ofSeconds(60);

    /** A module with nothing but a name and a path, such as one that was discovered. */
    public static ModuleSettings of(String name, Path path) {
        return new ModuleSettings(
                name,
                path,
                Isolation.HOST,
                Wrapper.IAIK,
                DEFAULT_MAX_SESSIONS,
                DEFAULT_DEADLINE,
                DEFAULT_LOGIN_DEADLINE,
                Map.of(),
                null);
    }

    public ModuleSettings withInitArguments(@Nullable String arguments) {
        return new ModuleSettings(
                name, path, isolation, wrapper, maxSessions, deadline, loginDeadline, environment, arguments);
    }

    public enum Isolation {
        /** In a process of its own. */
        HOST,
        /** In the daemon: faster, and the daemon dies with it. */
        NONE
    }

    public enum Wrapper {
        IAIK,
        SUN
    }
}
