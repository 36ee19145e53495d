package org.tokend.tokenctl.command;

import java.time.Duration;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.OpenOccasion;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "open",
        description =
                "Opens an occasion: for a while, certificates and revocation lists can be signed with a CA's key, and nothing"
                        + " else. tokend asks you, and every record of it carries the name. When the time is over the token"
                        + " is locked.")
final class CaOpenCommand implements Runnable {

    private static final int LONGEST_NAME = 200;

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the CA's key.")
    private String key = "";

    @Option(
            names = "--occasion",
            required = true,
            paramLabel = "NAME",
            description = "What this is for, such as \"issuing CA of 2027\".")
    private String occasion = "";

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long, such as 10m; at most 24h. Otherwise 30m.")
    private Duration length = Duration.ofMinutes(30);

    CaOpenCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        if (occasion.isBlank() || occasion.length() > LONGEST_NAME) {
            throw new CommandException(
                    ExitStatus.USAGE, "the name of an occasion has 1 to " + LONGEST_NAME + " characters");
        }
        if (length.toSeconds() < 1 || length.toSeconds() > OpenOccasion.LONGEST_SECONDS) {
            throw new CommandException(
                    ExitStatus.USAGE, "an occasion lasts from a second to 24h; open another one then");
        }
        KeyDescription described;
        try (TokenClient client = root.connect()) {
            KeyName.OnToken named = KeyName.onOneToken(client, key);
            described = named.key();
            client.openOccasion(new OpenOccasion(named.request(), occasion, Math.toIntExact(length.toSeconds())));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", described.fingerprint());
                json.writeStringField("occasion", occasion);
                json.writeNumberField("seconds", length.toSeconds());
            });
        } else {
            root.environment()
                    .err()
                    .println(Safe.text("Open for " + length.toSeconds() + " s with the key " + described.uri()
                            + "; \"tokenctl ca close\" ends it before."));
        }
    }
}
