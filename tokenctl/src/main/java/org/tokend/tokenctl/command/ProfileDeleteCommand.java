package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Forgets a profile; keys and certificates stay.")
final class ProfileDeleteCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "NAME", description = "As \"tokenctl profile list\" shows it.")
    private String name = "";

    ProfileDeleteCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        MailSetup.profiles(root.environment()).delete(name);
        return ExitStatus.OK.code();
    }
}
