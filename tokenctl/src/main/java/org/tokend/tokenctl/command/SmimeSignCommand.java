package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.MessageSigner;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.Mail;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sign",
        description =
                "Signs a mail. The certificate is the one that --key or --from names; otherwise the one that has the"
                        + " address in the mail's From, or the only one that can sign.")
final class SmimeSignCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(arity = "0..1", paramLabel = "MAIL", description = "The mail. Otherwise standard input.")
    private @Nullable Path mail;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the signed mail goes. Otherwise standard output.")
    private @Nullable Path out;

    @Mixin
    private SignerOptions signing = new SignerOptions();

    SmimeSignCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        Output output = Output.of(out, OutputFile.Access.USUAL, environment);
        requireFileForJson(root, output);
        try (Input.Reopened input = Input.of(mail, environment).reopened();
                KeysAside keys = new KeysAside(root)) {
            Mail plain = Mail.read(input.source());
            Mail parsed = signing.protectsHeaders(environment) ? plain.withSignedHeaders() : plain;
            report(sign(parsed, keys, output), parsed);
        }
        return ExitStatus.OK.code();
    }

    static void requireFileForJson(RootCommand root, Output output) {
        if (root.json() && output.isStandard()) {
            throw new CommandException(
                    ExitStatus.USAGE, "--json and the mail cannot both go to standard output; add --out FILE");
        }
    }

    private SignerOptions.Chosen sign(Mail parsed, TokenKeys keys, Output output) throws IOException {
        SignerOptions.Chosen chosen = signing.choose(parsed, keys, root.environment());
        MessageSigner signer = new MessageSigner(keys, root.environment().clock(), new SecureRandom());
        SignatureScheme[] scheme = new SignatureScheme[1];
        output.write(stream -> scheme[0] = signer.sign(parsed, chosen.signer(), chosen.options(), stream));
        return chosen.by(scheme[0]);
    }

    private void report(SignerOptions.Chosen signed, Mail parsed) {
        MailCertificate certificate = signed.signer().certificate();
        boolean ownAddress = parsed.from().isEmpty() || parsed.from().stream().anyMatch(certificate::hasAddress);
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", signed.signer().key().fingerprint());
                json.writeStringField("uri", signed.signer().key().uri());
                json.writeStringField("certificate", certificate.fingerprint());
                json.writeStringField("subject", certificate.subject());
                json.writeStringField(
                        "algorithm", signed.usedScheme().algorithm().wireName());
                json.writeStringField("output", String.valueOf(out));
                json.writeBooleanField("fromMatches", ownAddress);
            });
        } else if (!ownAddress) {
            root.environment()
                    .err()
                    .println(Safe.text("tokenctl: warning: the mail is from " + String.join(", ", parsed.from())
                            + ", but the certificate is for " + String.join(", ", certificate.addresses())
                            + "; readers will be warned"));
        }
    }
}
