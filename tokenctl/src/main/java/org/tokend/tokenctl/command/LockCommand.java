package org.tokend.tokenctl.command;

import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.tokenctl.output.EventText;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "lock", description = "Ends the login on a token, or on all: the next use asks for the PIN again.")
final class LockCommand implements Runnable {

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN",
            description = "Label or pkcs11: URI of a token. Otherwise all tokens.")
    private @Nullable String token;

    LockCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        String named = token;
        String uri;
        try (TokenClient client = root.connect()) {
            uri = named == null ? null : TokenName.resolve(named, client);
            client.lock(uri);
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> json.writeStringField("locked", uri == null ? "all" : uri));
        } else {
            String what = uri == null ? "All tokens are" : "Token " + EventText.label(uri) + " is";
            root.environment().err().println(Safe.text(what + " locked."));
        }
    }
}
