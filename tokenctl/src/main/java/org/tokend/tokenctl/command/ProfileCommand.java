package org.tokend.tokenctl.command;

import picocli.CommandLine.Command;

@Command(
        name = "profile",
        description = "Keeps named choices: which certificate to sign with, which to be encrypted to, and how. Use one"
                + " with \"tokenctl smime sign --profile NAME\" or \"smime encrypt --profile NAME\".",
        synopsisSubcommandLabel = "COMMAND")
@Members({ProfileSetCommand.class, ProfileListCommand.class, ProfileShowCommand.class, ProfileDeleteCommand.class})
final class ProfileCommand extends SubcommandNeeded {}
