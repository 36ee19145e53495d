package org.tokend.tokenctl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.Reply;
import org.tokend.protocol.TokenDescription;

/** Is tokend there, and what does it say of modules and tokens? */
final class DaemonChecks {

    private final Path socket;
    private final String version;
    private final Supplier<Reply.StatusReport> status;

    DaemonChecks(Path socket, String version, Supplier<Reply.StatusReport> status) {
        this.socket = socket;
        this.version = version;
        this.status = status;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        checks.add(permissions());
        try {
            Reply.StatusReport report = status.get();
            checks.add(reachable(report));
            checks.addAll(modules(report));
            checks.addAll(tokens(report));
        } catch (TokenClientException unreachable) {
            checks.add(Check.failed(
                    "daemon", String.valueOf(unreachable.getMessage()), "start tokend, then run doctor again"));
        }
        return checks;
    }

    private Check permissions() {
        if (!Files.exists(socket)) {
            return Check.failed(
                    "socket",
                    socket + " does not exist",
                    "start tokend (systemctl --user start tokend), or name its socket with --socket or TOKEND_SOCKET");
        }
        try {
            Path directory = socket.toAbsolutePath().getParent();
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
            String text = PosixFilePermissions.toString(mode);
            if (mode.contains(PosixFilePermission.OTHERS_WRITE) || mode.contains(PosixFilePermission.GROUP_WRITE)) {
                return Check.failed(
                        "socket",
                        "others may write to " + directory + " (" + text + ")",
                        "chmod go-w " + directory
                                + ": whoever may write there can put a socket of their own in its place");
            }
            return Check.ok("socket", socket + ", directory " + text);
        } catch (IOException e) {
            return Check.warning("socket", "cannot look at " + socket + ": " + e.getMessage(), "check its owner");
        }
    }

    private Check reachable(Reply.StatusReport report) {
        String finding = "tokend " + report.version() + " answers, pid " + report.pid();
        return report.version().equals(version)
                ? Check.ok("daemon", finding)
                : Check.warning(
                        "daemon",
                        finding + ", but this is tokenctl " + version,
                        "restart tokend so that both are of one version");
    }

    private static List<Check> modules(Reply.StatusReport report) {
        if (report.modules().isEmpty()) {
            return List.of(Check.failed(
                    "modules",
                    "tokend knows no PKCS#11 module",
                    "install the module of your card (apt-get install opensc-pkcs11, or softhsm2), or name it as [[module]]"
                            + " in the configuration"));
        }
        return report.modules().stream().map(DaemonChecks::module).toList();
    }

    private static String restarts(long count) {
        if (count == 0) {
            return "";
        }
        return count == 1 ? ", restarted once" : ", restarted " + count + " times";
    }

    private static Check module(Reply.ModuleStatus module) {
        String name = "module " + module.name();
        String restarts = restarts(module.restarts());
        String problem = module.problem();
        return switch (module.state()) {
            case READY ->
                problem == null
                        ? Check.ok(name, "ready" + restarts)
                        : Check.warning(
                                name,
                                problem,
                                "initialise one (softhsm2-util, p11tool), or check where its configuration looks for them");
            case STARTING -> Check.warning(name, "still starting" + restarts, "wait a moment and run doctor again");
            case FAILED ->
                Check.failed(
                        name,
                        problem == null ? "failed" : problem,
                        "check the path in its .module file or in [[module]], and that tokend may read it");
        };
    }

    private static List<Check> tokens(Reply.StatusReport report) {
        if (report.tokens().isEmpty()) {
            return List.of(Check.warning(
                    "tokens",
                    "no token is present",
                    "insert one; for a card, pcscd must run (systemctl status pcscd.socket)"));
        }
        return report.tokens().stream().map(DaemonChecks::token).toList();
    }

    private static Check token(TokenDescription token) {
        String name = "token " + token.label();
        String problem = token.problem();
        if (problem != null) {
            return Check.failed(name, problem, "see tokend's log");
        }
        if (token.tries() == TokenDescription.Tries.LAST || token.tries() == TokenDescription.Tries.LOW) {
            return Check.warning(
                    name, "few PIN tries are left", "make sure of the PIN before the next try: the token may lock");
        }
        return switch (token.state()) {
            case PIN_LOCKED -> Check.failed(name, "its PIN is locked", "unblock it with the PUK, by its vendor's tool");
            case FAILED -> Check.failed(name, "it does not work", "pull it and insert it again");
            case ABSENT -> Check.warning(name, "it is configured, but not present", "insert it");
            case LOCKED, UNLOCKED, OPEN ->
                token.keys() == 0
                        ? Check.warning(
                                name,
                                "it holds no key that tokend can see",
                                "some tokens show keys only after \"tokenctl" + " unlock\"")
                        : Check.ok(
                                name,
                                token.keys()
                                        + (token.keys() == 1 ? " key, " : " keys, ")
                                        + token.state().name().toLowerCase(java.util.Locale.ROOT));
        };
    }
}
