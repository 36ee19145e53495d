package org.tokend.pkcs11.discovery;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where p11-kit's configuration lies, after pkcs11.conf(5).
 *
 * @param packaged {@code *.module} files of installed packages
 * @param system {@code *.module} files of the administrator
 * @param systemSettings the administrator's pkcs11.conf
 * @param user {@code *.module} files of the user, or null to leave them out
 * @param userSettings the user's pkcs11.conf, or null
 * @param moduleDirectories where a relative {@code module:} is looked for, in this order
 */
public record P11KitDirectories(
        Path packaged,
        Path system,
        Path systemSettings,
        @Nullable Path user,
        @Nullable Path userSettings,
        List<Path> moduleDirectories) {
    private static final int ROOT = 0;

    /**
     * The places of Debian, Fedora and their kin. As p11-kit does, leaves out the user's own files for root.
     *
     * @param environment of this process; HOME is read
     */
    public static P11KitDirectories ofThisMachine(Map<String, String> environment, int uid) {
        String home = environment.getOrDefault("HOME", "");
        boolean withUser = uid != ROOT && home.startsWith("/");
        Path user = Path.of(withUser ? home : "/", ".config", "pkcs11");
        return new P11KitDirectories(
                Path.of("/usr/share/p11-kit/modules"),
                Path.of("/etc/pkcs11/modules"),
                Path.of("/etc/pkcs11/pkcs11.conf"),
                withUser ? user.resolve("modules") : null,
                withUser ? user.resolve("pkcs11.conf") : null,
                Stream.of("/usr/lib/" + multiarch(), "/usr/lib64", "/usr/lib")
                        .map(library -> Path.of(library, "pkcs11"))
                        .toList());
    }

    private static String multiarch() {
        String architecture = System.getProperty("os.arch", "");
        return (architecture.equals("amd64") ? "x86_64" : architecture) + "-linux-gnu";
    }
}
