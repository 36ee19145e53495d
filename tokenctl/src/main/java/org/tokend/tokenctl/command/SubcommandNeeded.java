package org.tokend.tokenctl.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only groups others. */
class SubcommandNeeded implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = spec;
        if (own != null) {
            throw new CommandLine.ParameterException(
                    own.commandLine(),
                    "say what to do: " + String.join(", ", own.subcommands().keySet()));
        }
    }
}
