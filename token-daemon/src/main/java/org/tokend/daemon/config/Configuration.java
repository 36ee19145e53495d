package org.tokend.daemon.config;

import java.util.List;

/**
 * Everything that the owner of the daemon decides.
 *
 * @param discoverModules use the modules that p11-kit's own configuration lists, besides those named here
 */
public record Configuration(
        DaemonSettings daemon,
        PinSettings pin,
        boolean discoverModules,
        List<ModuleSettings> modules,
        List<TokenSettings> tokens,
        List<KeySettings> keys) {

    /** What holds when there is no file. */
    public static Configuration defaults() {
        return new Configuration(
                DaemonSettings.defaults(), PinSettings.defaults(), true, List.of(), List.of(), List.of());
    }
}
