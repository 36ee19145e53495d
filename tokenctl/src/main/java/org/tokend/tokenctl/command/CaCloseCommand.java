package org.tokend.tokenctl.command;

import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "close", description = "Ends an occasion before its time, and locks the token.")
final class CaCloseCommand implements Runnable {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the CA's key.")
    private String key = "";

    CaCloseCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        KeyDescription described;
        try (TokenClient client = root.connect()) {
            KeyName.OnToken named = KeyName.onOneToken(client, key);
            described = named.key();
            client.closeOccasion(named.request());
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> json.writeStringField("key", described.fingerprint()));
        } else {
            root.environment().err().println(Safe.text("Closed; the token with " + described.uri() + " is locked."));
        }
    }
}
