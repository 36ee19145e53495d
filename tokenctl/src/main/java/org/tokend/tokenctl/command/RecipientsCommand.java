package org.tokend.tokenctl.command;

import picocli.CommandLine.Command;

@Command(
        name = "recipients",
        description =
                "Keeps the certificates of the people you write to, and says to whom mail can be encrypted. Asks for"
                        + " no PIN.",
        synopsisSubcommandLabel = "COMMAND")
@Members({
    RecipientsListCommand.class,
    RecipientsAddCommand.class,
    RecipientsHarvestCommand.class,
    RecipientsCapabilitiesCommand.class,
    RecipientsCheckCommand.class
})
final class RecipientsCommand extends SubcommandNeeded {}
