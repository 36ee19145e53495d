package org.tokend.tokenctl.command;

import java.util.List;
import org.tokend.client.TokenClient;
import org.tokend.protocol.TokenDescription;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.TokenText;
import picocli.CommandLine.Command;

@Command(name = "tokens", description = "Lists the tokens that tokend knows, present or not. Never asks for a PIN.")
final class TokensCommand implements Runnable {

    private final RootCommand root;

    TokensCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        List<TokenDescription> tokens;
        try (TokenClient client = root.connect()) {
            tokens = client.listTokens();
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> TokenText.write(tokens, json));
        } else if (tokens.isEmpty()) {
            root.environment().err().println("No tokens. Insert one, or see \"tokenctl doctor\".");
        } else {
            TokenText.print(tokens, root.environment());
        }
    }
}
