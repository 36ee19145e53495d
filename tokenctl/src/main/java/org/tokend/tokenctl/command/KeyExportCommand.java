package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.DeleteKey;
import org.tokend.protocol.ExportKey;
import org.tokend.protocol.KeyDescription;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description =
                "Writes a copy of an extractable key and its certificates as a PKCS#12 file. tokend asks for a new"
                        + " passphrase, which tokenctl does not see. A key that never leaves its token is refused.")
final class KeyExportCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private String key = "";

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "The new file. One that exists is not overwritten.")
    private Path out = Path.of("");

    @Option(
            names = "--legacy",
            description =
                    "Encrypt as old programs can read it (Triple DES, SHA-1; gpgsm 2.2 needs this). Protects less.")
    private boolean legacy;

    @Option(
            names = "--then-delete",
            description = "Take the key off the token when the file is written, opened again and proved to hold it.")
    private boolean thenDelete;

    KeyExportCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out)) {
            throw new CommandException(
                    ExitStatus.CANNOT_CREATE, out + " exists, and a key file is never overwritten; name another one");
        }
        KeyDescription described;
        try (TokenClient client = root.connect()) {
            KeyName.OnToken named = KeyName.onOneToken(client, key);
            described = named.key();
            byte[] pkcs12 = client.export(new ExportKey(named.request(), legacy));
            OutputFile.write(out, OutputFile.Access.OWNER_ONLY, stream -> stream.write(pkcs12));
            sync(out);
            if (thenDelete) {
                // What is proved is what lies on the disk, not what was in memory.
                client.delete(new DeleteKey(named.request(), Files.readAllBytes(out)));
            }
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", described.fingerprint());
                json.writeStringField("output", out.toString());
                json.writeBooleanField("deleted", thenDelete);
            });
        } else {
            root.environment()
                    .err()
                    .println(Safe.text("Wrote " + described.uri() + " to " + out
                            + (thenDelete ? ", and took it off the token." : "; it is still on the token.")));
        }
        return ExitStatus.OK.code();
    }

    /** The file and its name are on the disk before the token's copy may go. */
    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
