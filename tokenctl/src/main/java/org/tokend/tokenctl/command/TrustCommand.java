package org.tokend.tokenctl.command;

import picocli.CommandLine.Command;

@Command(
        name = "trust",
        description = "Says which root CAs are trusted for mail, and by whom. Asks for no PIN.",
        synopsisSubcommandLabel = "COMMAND")
@Members({TrustListCommand.class, TrustAddCommand.class, TrustCheckCommand.class, TrustRemoveCommand.class})
final class TrustCommand extends SubcommandNeeded {}
