package org.tokend.daemon.config;

import org.jspecify.annotations.Nullable;

/** Reads the [p11kit] table. */
final class P11kitReader {
    private static final int MOST = 65_536;

    private P11kitReader() {}

    /** @param section null when there is none */
    static P11kitSettings read(@Nullable Section section) {
        P11kitSettings defaults = P11kitSettings.defaults();
        if (section == null) {
            return defaults;
        }
        P11kitSettings settings = new P11kitSettings(
                section.flag("enabled", defaults.enabled()),
                section.absolutePath("socket"),
                section.flag("accept-client-pin", defaults.acceptClientPin()),
                section.number("max-connections", defaults.maxConnections(), 1, MOST),
                section.number("max-connections-per-program", defaults.maxConnectionsPerProgram(), 1, MOST),
                section.number("max-sessions", defaults.maxSessions(), 1, MOST),
                section.number("max-objects", defaults.maxObjects(), 1, MOST));
        section.finish();
        return settings;
    }
}
