package org.tokend.smime.trust;

import java.nio.file.Path;
import java.util.Map;

/** The files and directories of each layer. */
public record TrustPlaces(Path system, Path machine, Path user) {

    public static TrustPlaces usual(Map<String, String> environment) {
        String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "/");
        Path user = configured.isEmpty() ? Path.of(home, ".config") : Path.of(configured);
        return new TrustPlaces(
                Path.of("/etc/ssl/certs/ca-certificates.crt"),
                Path.of("/etc/tokend/trust"),
                user.resolve("tokend/trust"));
    }
}
