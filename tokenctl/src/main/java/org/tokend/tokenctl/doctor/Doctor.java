package org.tokend.tokenctl.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tokend.protocol.Reply;
import org.tokend.tokenctl.output.Environment;

/** Looks at everything that a working set-up needs, in the order in which it would be repaired. */
public final class Doctor {

    private final Environment environment;

    public Doctor(Environment environment) {
        this.environment = environment;
    }

    /**
     * @param version of tokenctl
     * @param status asks tokend, and throws what the client throws
     */
    public List<Check> examine(Path socket, String version, Supplier<Reply.StatusReport> status) {
        List<Check> checks = new ArrayList<>();
        checks.addAll(new DaemonChecks(socket, version, status).run());
        checks.addAll(new PromptChecks(environment.variables(), environment.errIsTerminal()).run());
        checks.addAll(new FileChecks(environment.variables()).run());
        return checks;
    }
}
