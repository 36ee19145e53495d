package org.tokend.tokenctl.command;

import java.util.stream.Collectors;
import org.tokend.client.TokenClient;
import org.tokend.protocol.Reply;

/** Modules that may not show what somebody looks for. */
final class Shortcomings {

    private Shortcomings() {}

    /** @return to be added to a message that something is not there; empty when all modules are at work */
    static String of(TokenClient client) {
        return client.status().modules().stream()
                .filter(module -> module.state() != Reply.ModuleState.READY || module.problem() != null)
                .map(Shortcomings::of)
                .collect(Collectors.joining());
    }

    private static String of(Reply.ModuleStatus module) {
        String subject = "; the module " + module.name();
        return switch (module.state()) {
            case STARTING -> subject + " is still starting";
            case FAILED -> subject + " has failed: " + module.problem();
            case READY -> subject + " " + module.problem();
        };
    }
}
