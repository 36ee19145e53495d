package org.tokend.tokenctl.command;

import java.io.PrintStream;
import java.util.List;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Reply;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.KeyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows a key, its certificates and how well its token keeps it. Unlocks the token.")
final class KeyShowCommand implements Runnable {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private String key = "";

    KeyShowCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        KeyDescription described;
        Reply.Protection protection;
        try (TokenClient client = root.connect()) {
            String request = KeyName.onOneToken(client, key).request();
            protection = client.protection(request);
            // The login may have shown more of it.
            described = KeyName.find(client, request);
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                KeyText.write(List.of(described), json);
                json.writeObjectFieldStart("protection");
                json.writeBooleanField("sensitive", protection.sensitive());
                json.writeBooleanField("extractable", protection.extractable());
                json.writeBooleanField("alwaysSensitive", protection.alwaysSensitive());
                json.writeBooleanField("neverExtractable", protection.neverExtractable());
                json.writeBooleanField("local", protection.local());
                json.writeEndObject();
            });
            return;
        }
        PrintStream out = root.environment().out();
        KeyText.printLong(List.of(described), out);
        out.println("  origin       " + (protection.local() ? "made on the token" : "imported, not token-born"));
        out.println("  leaves       " + leaves(protection));
        out.println("  attributes   SENSITIVE=" + protection.sensitive() + " EXTRACTABLE=" + protection.extractable()
                + " ALWAYS_SENSITIVE=" + protection.alwaysSensitive() + " NEVER_EXTRACTABLE="
                + protection.neverExtractable() + " LOCAL=" + protection.local());
    }

    private static String leaves(Reply.Protection protection) {
        if (protection.neverExtractable()) {
            return "never, and never could";
        } else if (!protection.extractable()) {
            return "never";
        }
        return protection.sensitive() ? "encrypted only" : "even in the clear";
    }
}
