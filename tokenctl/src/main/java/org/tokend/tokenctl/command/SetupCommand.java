package org.tokend.tokenctl.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "setup",
        description = "Makes a program use your tokens through tokend.",
        synopsisSubcommandLabel = "COMMAND")
@Members(SetupNssCommand.class)
final class SetupCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = spec;
        if (own != null) {
            throw new CommandLine.ParameterException(own.commandLine(), "say what to set up: nss");
        }
    }
}
