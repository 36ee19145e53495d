package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.ImportKey;
import org.tokend.protocol.KeyDescription;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.KeyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description =
                "Puts the key and the certificates of a PKCS#12 file (.p12, .pfx) on a token. tokend asks for the file's"
                        + " passphrase and opens it; tokenctl sees neither. The file stays as it is.")
final class KeyImportCommand implements Callable<Integer> {
    /** What tokend takes in one request. */
    private static final int LONGEST = 160 * 1024;

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The PKCS#12 file.")
    private Path file = Path.of("-");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Label or pkcs11: URI. May be left out where there is only one.")
    private @Nullable String token;

    @Option(names = "--label", paramLabel = "LABEL", description = "Otherwise the name in the file.")
    private String label = "";

    @Option(names = "--extractable", description = "The token may let the private key go again, encrypted.")
    private boolean extractable;

    KeyImportCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        byte[] pkcs12;
        try (InputStream in = Input.of(file, root.environment()).open()) {
            pkcs12 = in.readNBytes(LONGEST + 1);
        }
        if (pkcs12.length > LONGEST) {
            throw new CommandException(
                    ExitStatus.DATA, file + " is longer than " + LONGEST + " bytes; no PKCS#12 file of a person is");
        }
        List<KeyDescription> stored;
        try (TokenClient client = root.connect()) {
            stored = client.provision(new ImportKey(TokenName.orOnlyOne(token, client), pkcs12, label, extractable));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> KeyText.write(stored, json));
        } else {
            KeyText.printLong(stored, root.environment().out());
        }
        return ExitStatus.OK.code();
    }
}
