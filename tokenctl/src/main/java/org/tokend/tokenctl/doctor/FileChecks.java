package org.tokend.tokenctl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration file, SoftHSM's own files, and the Java that runs this. */
final class FileChecks {

    private static final int JAVA = 25;

    private final Map<String, String> variables;

    FileChecks(Map<String, String> variables) {
        this.variables = variables;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        checks.add(configuration());
        checks.addAll(softHsm());
        checks.add(java());
        return checks;
    }

    private Check configuration() {
        Path own = configurationHome().resolve("tokend/config.toml");
        Path system = Path.of("/etc/tokend/config.toml");
        Path file = Files.exists(own) ? own : system;
        if (!Files.exists(file)) {
            return Check.ok("configuration", "no file " + own + " nor " + system + ": the defaults hold");
        }
        if (!Files.isReadable(file)) {
            return Check.failed(
                    "configuration", file + " cannot be read", "chmod u+r " + file + ", or check its owner");
        }
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                return Check.failed(
                        "configuration",
                        "others may write to " + file + ", so tokend refuses it",
                        "chmod go-w " + file);
            }
        } catch (IOException e) {
            return Check.warning("configuration", "cannot look at " + file + ": " + e.getMessage(), "check its owner");
        }
        return Check.ok("configuration", file + "; \"tokend check-config\" says whether all of it is right");
    }

    private Path configurationHome() {
        String configured = variables.getOrDefault("XDG_CONFIG_HOME", "");
        return configured.isEmpty() ? Path.of(variables.getOrDefault("HOME", "/"), ".config") : Path.of(configured);
    }

    /** The two things that stop people who try SoftHSM first. */
    private List<Check> softHsm() {
        boolean installed = Files.exists(Path.of("/usr/lib/softhsm/libsofthsm2.so"))
                || Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))
                || Files.exists(Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"));
        if (!installed) {
            return List.of();
        }
        String configured = variables.getOrDefault("SOFTHSM2_CONF", "");
        if (!configured.isEmpty()) {
            return List.of(
                    Files.isReadable(Path.of(configured))
                            ? Check.warning(
                                    "softhsm",
                                    "SOFTHSM2_CONF=" + configured + " is set here, which tokend does not see",
                                    "give it to the module: environment = { SOFTHSM2_CONF = \"" + configured
                                            + "\" } under [[module]]")
                            : Check.failed(
                                    "softhsm",
                                    "SOFTHSM2_CONF=" + configured + " cannot be read",
                                    "correct or unset it"));
        }
        Path tokens = Path.of("/var/lib/softhsm/tokens");
        Path own = configurationHome().resolve("softhsm2/softhsm2.conf");
        if (Files.exists(own) || !Files.exists(tokens) || Files.isWritable(tokens)) {
            return List.of(Check.ok("softhsm", "installed, and its tokens can be reached"));
        }
        return List.of(Check.warning(
                "softhsm",
                "its tokens in " + tokens + " are not for this user",
                "write " + own + " with \"directories.tokendir = "
                        + configurationHome().getParent() + "/.softhsm\", or join the group softhsm"));
    }

    private static Check java() {
        int version = Runtime.version().feature();
        String finding = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
        return version >= JAVA
                ? Check.ok("java", finding)
                : Check.failed("java", finding, "install Java " + JAVA + " or later");
    }
}
