package org.tokend.tokenctl.command;

import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.tokenctl.output.EventText;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "unlock",
        description = "Makes tokend ask for the PIN of a token, in its own prompt. tokenctl never sees the PIN.")
final class UnlockCommand implements Runnable {

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN",
            description = "Label or pkcs11: URI. May be left out where there is only one.")
    private @Nullable String token;

    UnlockCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        String uri;
        try (TokenClient client = root.connect()) {
            uri = TokenName.orOnlyOne(token, client);
            client.unlock(uri);
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> json.writeStringField("unlocked", uri));
        } else {
            root.environment().err().println(Safe.text("Token " + EventText.label(uri) + " is unlocked."));
        }
    }
}
