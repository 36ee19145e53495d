package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.smime.MessageDecryptor;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "decrypt",
        description =
                "Decrypts a mail with the key on a token that it is encrypted to. Nothing is written before all of"
                        + " it is decrypted, and the PIN is asked for only where a key fits.")
final class SmimeDecryptCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "MAIL",
            description = "A mail, or a CMS message in PEM, base64 or DER. Otherwise standard input.")
    private @Nullable Path mail;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the decrypted content goes, readable by you alone. Otherwise standard output.")
    private @Nullable Path out;

    @Option(
            names = "--with-headers",
            description =
                    "Put the header of the encrypted mail (From, Subject and so on) in front, for a mail program.")
    private boolean withHeaders;

    SmimeDecryptCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        Output output = Output.of(out, OutputFile.Access.OWNER_ONLY, environment);
        SmimeSignCommand.requireFileForJson(root, output);
        try (InputStream in = Input.of(mail, environment).open();
                TokenClient client = root.connect();
                MessageDecryptor.DecryptedMail decrypted =
                        new MessageDecryptor(TokenKeys.of(client), environment.temporaryDirectory()).decrypt(in)) {
            output.write(stream -> write(decrypted, stream));
            report(decrypted);
        }
        return ExitStatus.OK.code();
    }

    private void write(MessageDecryptor.DecryptedMail decrypted, OutputStream stream) throws IOException {
        if (withHeaders) {
            decrypted.writeMailHeaders(stream);
        }
        decrypted.writeTo(stream);
    }

    private void report(MessageDecryptor.DecryptedMail decrypted) {
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", decrypted.opened().key().key().fingerprint());
                json.writeStringField("uri", decrypted.opened().key().key().uri());
                json.writeStringField(
                        "certificate", decrypted.opened().key().certificate().fingerprint());
                json.writeStringField("cipher", decrypted.opened().algorithm().displayName());
                json.writeBooleanField(
                        "authenticated", decrypted.opened().algorithm().isAuthenticated());
                json.writeStringField("output", String.valueOf(out));
            });
        }
    }
}
