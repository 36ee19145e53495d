package org.tokend.tokenctl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokend.tokenctl.application.Machine;
import org.tokend.tokenctl.application.NssDatabase;
import org.tokend.tokenctl.application.Profiles;
import org.tokend.tokenctl.application.SocketProbe;

/** Which programs can use tokens through p11-kit's client module, in the order in which it would be set up. */
public final class Applications {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Machine machine;

    public Applications(Machine machine) {
        this.machine = machine;
    }

    /** Only what is installed is among the checks, but for the first two, which all others need. */
    public List<Check> examine() {
        List<Check> checks = new ArrayList<>();
        Optional<Path> client = machine.clientModule();
        checks.add(client.map(path -> Check.ok("p11-kit-client", path.toString()))
                .orElseGet(() -> Check.failed(
                        "p11-kit-client",
                        "p11-kit-client.so, which applications load, is not installed",
                        "apt-get install p11-kit-modules")));
        checks.add(socket(machine.p11KitSocket()));
        String module = client.map(Path::toString).orElse("p11-kit-client.so");
        for (Profiles.Profile profile : Profiles.in(machine.home())) {
            checks.add(profile(profile));
        }
        checks.addAll(new ProgramChecks(machine, module).run());
        return checks;
    }

    private static Check socket(Path socket) {
        if (!Files.exists(socket)) {
            return Check.failed(
                    "p11-kit socket",
                    socket + " does not exist",
                    "start tokend; \"tokend check-config\" says whether its p11-kit socket is switched on");
        }
        try {
            SocketProbe.Served served = SocketProbe.ask(socket, PATIENCE);
            String tokens = served.tokens() == 1 ? "1 token" : served.tokens() + " tokens";
            if (!served.description().contains("tokend")) {
                return Check.warning(
                        "p11-kit socket",
                        "\"" + served.description() + "\" serves " + socket + ", not tokend",
                        "end that program (systemctl --user disable --now p11-kit-server.socket), then restart tokend");
            }
            return Check.ok("p11-kit socket", socket + " answers and shows " + tokens);
        } catch (IOException e) {
            return Check.failed(
                    "p11-kit socket", socket + " does not work: " + e.getMessage(), "restart tokend, and see its log");
        }
    }

    private static Check profile(Profiles.Profile profile) {
        String name = profile.program();
        try {
            return NssDatabase.in(profile.directory()).hasClient()
                    ? Check.ok(name, profile.directory() + " loads p11-kit-client.so")
                    : Check.warning(
                            name,
                            profile.directory() + " does not load p11-kit-client.so",
                            "end " + name + ", then: tokenctl setup nss --profile '" + profile.directory() + "'");
        } catch (IOException e) {
            return Check.warning(name, "cannot read " + profile.directory() + ": " + e.getMessage(), "check its owner");
        }
    }
}
