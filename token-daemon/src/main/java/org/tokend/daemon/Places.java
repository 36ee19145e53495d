package org.tokend.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.config.DaemonSettings;

/**
 * Where things lie, by command line, environment, configuration and convention (XDG base directories; systemd's directories).
 *
 * @param environment of this process
 */
record Places(Map<String, String> environment, int uid) {
    private static final int OTHERS_MAY_WRITE = 0_022;

    /** The configuration that was asked for, or the first that exists, or empty: then defaults hold. */
    Optional<Path> config(@Nullable Path asked) {
        if (asked != null) {
            return Optional.of(asked);
        }
        return Stream.of(
                        variable("CONFIGURATION_DIRECTORY").map(dir -> dir.resolve("config.toml")),
                        variable("XDG_CONFIG_HOME")
                                .or(() -> variable("HOME").map(home -> home.resolve(".config")))
                                .map(dir -> dir.resolve("tokend/config.toml")),
                        Optional.of(Path.of("/etc/tokend/config.toml")))
                .flatMap(Optional::stream)
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    Path socket(@Nullable Path asked, DaemonSettings settings) {
        if (asked != null) {
            return asked;
        }
        return variable("TOKEND_SOCKET")
                .or(() -> Optional.ofNullable(settings.socket()))
                .or(() -> variable("XDG_RUNTIME_DIR").map(dir -> dir.resolve("tokend/tokend.sock")))
                .orElse(Path.of("/run/tokend/tokend.sock"));
    }

    /** Where p11-kit-client.so looks without being told. */
    Path applicationSocket(@Nullable Path configured) {
        return Optional.ofNullable(configured)
                .or(() -> variable("XDG_RUNTIME_DIR").map(dir -> dir.resolve("p11-kit/pkcs11")))
                .orElse(Path.of("/run/user/" + uid + "/p11-kit/pkcs11"));
    }

    /** Made with mode 0700 when it is not there. */
    Path state(DaemonSettings settings) throws IOException {
        Path directory = Optional.ofNullable(settings.stateDirectory())
                .or(() -> variable("STATE_DIRECTORY"))
                .or(() -> variable("XDG_STATE_HOME").map(dir -> dir.resolve("tokend")))
                .or(() -> uid == 0 ? Optional.empty() : variable("HOME").map(dir -> dir.resolve(".local/state/tokend")))
                .orElse(Path.of("/var/lib/tokend"));
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int owner = (Integer) Files.getAttribute(directory, "unix:uid");
        int mode = (Integer) Files.getAttribute(directory, "unix:mode");
        if (owner != uid || (mode & OTHERS_MAY_WRITE) != 0) {
            throw new IOException("the state directory " + directory + " belongs to uid " + owner + " with mode "
                    + Integer.toOctalString(mode & 0_7777) + "; run: chown " + uid + " " + directory + " && chmod 700 "
                    + directory);
        }
        return directory;
    }

    private Optional<Path> variable(String name) {
        String value = environment.getOrDefault(name, "");
        // systemd lists several directories with colons; the first is ours.
        String first = name.endsWith("_DIRECTORY") ? value.split(":", 2)[0] : value;
        return first.startsWith("/") ? Optional.of(Path.of(first)) : Optional.empty();
    }
}
