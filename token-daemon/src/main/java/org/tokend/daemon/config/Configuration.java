package org.tokend.daemon.config;

import java.util.List;
import org.tokend.daemon.access.ApplicationRule;
import org.tokend.daemon.access.KeyRule;

/**
 * Everything that the owner of the daemon decides.
 *
 * @param discoverModules use the modules that p11-kit's own configuration lists, besides those named here
 * @param keys what differs for some keys; the first that matches holds
 * @param applications what differs for some programs; the first that matches holds
 */
public record Configuration(
        DaemonSettings daemon,
        PinSettings pin,
        P11kitSettings p11kit,
        boolean discoverModules,
        List<ModuleSettings> modules,
        List<TokenSettings> tokens,
        List<KeyRule> keys,
        List<ApplicationRule> applications) {

    /** What holds when there is no file. */
    public static Configuration defaults() {
        return new Configuration(
                DaemonSettings.defaults(),
                PinSettings.defaults(),
                P11kitSettings.defaults(),
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
