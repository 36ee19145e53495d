package org.tokend.tokenctl.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "key",
        description = "Makes, shows, imports, exports and deletes one key on a token.",
        synopsisSubcommandLabel = "COMMAND")
@Members({
    KeyGenerateCommand.class,
    KeyShowCommand.class,
    KeyRequestCommand.class,
    KeyCertificateCommand.class,
    KeyImportCommand.class,
    KeyExportCommand.class,
    KeyDeleteCommand.class
})
final class KeyCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = spec;
        if (own != null) {
            throw new CommandLine.ParameterException(
                    own.commandLine(),
                    "say what to do: generate, show, request, certificate, import, export or delete");
        }
    }
}
