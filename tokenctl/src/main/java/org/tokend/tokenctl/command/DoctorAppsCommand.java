package org.tokend.tokenctl.command;

import java.util.concurrent.Callable;
import org.tokend.tokenctl.application.Machine;
import org.tokend.tokenctl.doctor.Applications;
import picocli.CommandLine.Command;

@Command(
        name = "apps",
        description =
                "Says which programs on this machine can use your tokens through p11-kit's client module, and what is"
                        + " missing for the others. Changes nothing, asks for no PIN.")
final class DoctorAppsCommand implements Callable<Integer> {

    private final RootCommand root;

    DoctorAppsCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        Machine machine = Machine.of(root.environment().variables());
        return new CheckReport(root).show(new Applications(machine).examine());
    }
}
