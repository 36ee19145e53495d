package org.tokend.tokenctl.command;

import picocli.CommandLine.Command;

@Command(
        name = "certs",
        description = "Lists, shows, keeps and hands out certificates. Asks for no PIN.",
        synopsisSubcommandLabel = "COMMAND")
@Members({
    CertsListCommand.class,
    CertsShowCommand.class,
    CertsImportCommand.class,
    CertsExportCommand.class,
    CertsChainCommand.class
})
final class CertsCommand extends SubcommandNeeded {}
