package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.smime.MessageDecryptor;
import org.tokend.smime.MessageReader;
import org.tokend.smime.MessageVerifier;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.HeaderProtection;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.HeaderText;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.LayerText;
import org.tokend.tokenctl.output.OutputFile;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                    "Put the header of the mail (From, Subject and so on) in front, for a mail program: the one that was"
                            + " encrypted, if there is one, or else the one outside.")
    private boolean withHeaders;

    @Option(
            names = "--unwrap",
            description = "Take off all layers, and not only the first: signatures inside are verified, nested"
                    + " encryption is decrypted, compression is unpacked. The exit code is that of \"smime verify\".")
    private boolean unwrap;

    @Option(
            names = "--explain",
            description = "Say with which key, by which cipher, and whether anybody could have"
                    + " changed the content on the way.")
    private boolean explain;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    SmimeDecryptCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        Output output = Output.of(out, OutputFile.Access.OWNER_ONLY, environment);
        SmimeSignCommand.requireFileForJson(root, output);
        if (unwrap) {
            return unwrap(output);
        }
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
            decrypted.writeMail(stream);
        } else {
            decrypted.writeTo(stream);
        }
    }

    private int unwrap(Output output) throws IOException {
        Environment environment = root.environment();
        MessageVerifier verifier =
                new MessageVerifier(trust.trust(environment), trust.known(), environment.temporaryDirectory());
        try (Input.Reopened input = Input.of(mail, environment).reopened();
                TokenClient client = root.connect();
                MessageReader.OpenedMail opened = new MessageReader(
                                TokenKeys.of(client), verifier, environment.temporaryDirectory())
                        .open(input.source())) {
            if (!opened.isBad()) {
                output.write(stream -> {
                    if (withHeaders) {
                        opened.writeMail(stream);
                    } else {
                        opened.writeTo(stream);
                    }
                });
            }
            Optional<HeaderProtection> protection = opened.protection();
            if (root.json()) {
                Json.print(environment.out(), json -> LayerText.write(json, opened, protection, String.valueOf(out)));
            } else {
                LayerText.lines(opened, protection, explain)
                        .forEach(line -> environment.err().println(Safe.text("tokenctl: " + line)));
            }
            return LayerText.status(opened).code();
        }
    }

    private void report(MessageDecryptor.DecryptedMail decrypted) throws IOException {
        Optional<HeaderProtection> protection = decrypted.protection();
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", decrypted.opened().key().key().fingerprint());
                json.writeStringField(
                        "uri",
                        decrypted.opened().copies() == 1
                                ? decrypted.opened().key().key().uri()
                                : null);
                json.writeStringField(
                        "certificate", decrypted.opened().key().certificate().fingerprint());
                json.writeStringField("cipher", decrypted.opened().algorithm().displayName());
                json.writeBooleanField(
                        "authenticated", decrypted.opened().algorithm().isAuthenticated());
                HeaderText.write(json, protection.orElse(null));
                json.writeStringField("output", String.valueOf(out));
            });
        } else if (explain) {
            root.environment()
                    .err()
                    .println(Safe.text("tokenctl: " + LayerText.line(new MessageReader.Encrypted(decrypted.opened()))));
            HeaderText.lines(protection.orElse(null))
                    .forEach(line -> root.environment().err().println(Safe.text("tokenctl: " + line)));
        }
    }
}
