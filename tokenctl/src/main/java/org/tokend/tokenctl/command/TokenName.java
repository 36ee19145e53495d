package org.tokend.tokenctl.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.TokenDescription;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/** People call a token by its label; tokend by its URI. */
final class TokenName {

    private TokenName() {}

    /** @param name label or URI, or null for the one token that there is */
    static String orOnlyOne(@Nullable String name, TokenClient client) {
        return name == null ? onlyOne(client) : resolve(name, client);
    }

    static String resolve(String name, TokenClient client) {
        if (name.startsWith("pkcs11:")) {
            return name;
        }
        List<TokenDescription> tokens = client.listTokens();
        List<TokenDescription> named =
                tokens.stream().filter(token -> token.label().equals(name)).toList();
        if (named.size() == 1) {
            return named.get(0).uri();
        }
        List<String> uris = (named.isEmpty() ? tokens : named)
                .stream().map(TokenDescription::uri).toList();
        throw named.isEmpty()
                ? new CommandException(
                        ExitStatus.NO_INPUT,
                        "there is no token with the label \"" + name + "\""
                                + (tokens.isEmpty() ? ", nor any other" : "") + Shortcomings.of(client)
                                + (tokens.isEmpty() ? "" : "; there are:"),
                        uris)
                : new CommandException(
                        ExitStatus.USAGE, "\"" + name + "\" is the label of more than one token; use a URI:", uris);
    }

    /** The one token that there is to unlock. */
    static String onlyOne(TokenClient client) {
        List<TokenDescription> tokens = client.listTokens().stream()
                .filter(token -> token.state() != TokenDescription.State.ABSENT)
                .toList();
        if (tokens.size() == 1) {
            return tokens.get(0).uri();
        }
        throw tokens.isEmpty()
                ? new CommandException(
                        ExitStatus.NO_INPUT,
                        "there is no token" + Shortcomings.of(client) + "; insert one, or see \"tokenctl doctor\"")
                : new CommandException(
                        ExitStatus.USAGE,
                        "there is more than one token; say which:",
                        tokens.stream().map(TokenDescription::uri).toList());
    }
}
