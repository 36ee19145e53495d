package org.tokend.tokenctl.command;

import org.tokend.client.TokenClient;
import org.tokend.protocol.DeleteKey;
import org.tokend.protocol.KeyDescription;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description =
                "Destroys a key and its certificates on a token. Mails encrypted to it cannot be read any more, unless"
                        + " there is a copy: see \"tokenctl key export --then-delete\".")
final class KeyDeleteCommand implements Runnable {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private String key = "";

    @Option(names = "--yes", description = "Yes, destroy it. tokend still asks the person.")
    private boolean yes;

    KeyDeleteCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        KeyDescription described;
        try (TokenClient client = root.connect()) {
            KeyName.OnToken named = KeyName.onOneToken(client, key);
            described = named.key();
            if (!yes) {
                throw new CommandException(
                        ExitStatus.USAGE,
                        "this destroys the key " + described.uri() + " (" + described.fingerprint()
                                + ") for good; add --yes if that is meant");
            }
            client.delete(new DeleteKey(named.request(), null));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> json.writeStringField("deleted", described.fingerprint()));
        } else {
            root.environment().err().println(Safe.text("Destroyed " + described.uri() + "."));
        }
    }
}
