package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.client.TokenClient;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Doctor;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description =
                "Checks everything that signing and decrypting need, and says for each thing that is missing what to"
                        + " do. Changes nothing, asks for no PIN.")
@Members({DoctorAppsCommand.class, DoctorChainCommand.class, DoctorTrustCommand.class, DoctorMailCommand.class})
final class DoctorCommand implements Callable<Integer> {

    private final RootCommand root;

    DoctorCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<Check> checks = new Doctor(root.environment()).examine(root.socketPath(), Version.number(), () -> {
            try (TokenClient client = root.connect()) {
                return client.status();
            }
        });
        return new CheckReport(root).show(checks);
    }
}
