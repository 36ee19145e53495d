package org.tokend.tokenctl.command;

import picocli.CommandLine.Command;

@Command(
        name = "ca",
        description =
                "Issues certificates and revocation lists by a CA's key on a token. tokend reads each before the key signs it,"
                        + " and lets the key be used on named occasions only; the key needs role = \"ca\" in its configuration.",
        synopsisSubcommandLabel = "COMMAND")
@Members({CaOpenCommand.class, CaRootCommand.class, CaIssueCommand.class, CaCrlCommand.class, CaCloseCommand.class})
final class CaCommand extends SubcommandNeeded {}
