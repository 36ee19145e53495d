package org.tokend.tokenctl.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "smime",
        description = "Signs, verifies, encrypts and decrypts mails (S/MIME).",
        synopsisSubcommandLabel = "COMMAND")
@Members({
    SmimeSignCommand.class,
    SmimeVerifyCommand.class,
    SmimeEncryptCommand.class,
    SmimeDecryptCommand.class,
    SmimeMuttCommand.class
})
final class SmimeCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = spec;
        if (own != null) {
            throw new CommandLine.ParameterException(
                    own.commandLine(), "say what to do with the mail: sign, verify, encrypt or decrypt");
        }
    }
}
