package org.tokend.tokenctl.command;

import org.tokend.smime.authority.AuthorityException;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/** What a CA does not sign, as a failure of a command. */
final class CaFailure {

    private CaFailure() {}

    static CommandException of(AuthorityException refused) {
        ExitStatus status = switch (refused.reason()) {
            case BAD_REQUEST, OTHER_CA -> ExitStatus.DATA;
            case WEAK_KEY, WRONG_USAGE, ADDRESS_MISMATCH, TOO_LONG -> ExitStatus.NO_PERMISSION;
            case NO_CA_CERTIFICATE -> ExitStatus.NO_INPUT;
        };
        return new CommandException(status, refused.reason() + ": nothing was signed: " + refused.getMessage());
    }
}
