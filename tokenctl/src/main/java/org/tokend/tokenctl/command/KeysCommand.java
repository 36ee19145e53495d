package org.tokend.tokenctl.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.TokenDescription;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.KeyText;
import org.tokend.tokenctl.output.TokenText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "Lists the keys on the tokens with their certificates. Never asks for a PIN.")
final class KeysCommand implements Runnable {

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN",
            description = "Label or pkcs11: URI of a token. Otherwise all tokens.")
    private @Nullable String token;

    @Option(names = "--long", description = "Show everything that is known of each key.")
    private boolean details;

    KeysCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        List<KeyDescription> keys;
        List<TokenDescription> tokens;
        try (TokenClient client = root.connect()) {
            String named = token;
            keys = client.listKeys(named == null ? null : TokenName.resolve(named, client));
            tokens = root.json() ? List.of() : client.listTokens();
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> KeyText.write(keys, json));
        } else if (keys.isEmpty()) {
            root.environment()
                    .err()
                    .println("No keys. \"tokenctl tokens\" shows the tokens, \"tokenctl doctor\" what may be wrong.");
        } else if (details) {
            KeyText.printLong(keys, root.environment().out());
        } else {
            KeyText.printTable(keys, root.environment());
        }
        TokenText.printProblems(tokens, root.environment().err());
    }
}
