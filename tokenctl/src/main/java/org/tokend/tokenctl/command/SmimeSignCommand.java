package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.MessageSigner;
import org.tokend.smime.SigningOptions;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.SigningCertificates;
import org.tokend.smime.certificate.SigningWish;
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

    @Option(names = "--key", paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private @Nullable String key;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "Use a certificate with this address.")
    private @Nullable String from;

    @Option(
            names = "--opaque",
            description =
                    "Put the mail inside the signature, safe from servers that change mails, but readable only with"
                            + " S/MIME.")
    private boolean opaque;

    @Option(
            names = "--algorithm",
            paramLabel = "ALGORITHM",
            converter = SchemeConverter.class,
            completionCandidates = SchemeConverter.Names.class,
            description = "Such as rsa-pss-sha256: \"tokenctl keys --long\" shows what a key can. Otherwise what most"
                    + " mail programs read.")
    private @Nullable SignatureScheme algorithm;

    @Option(
            names = "--chain",
            paramLabel = "FILE",
            description =
                    "CA certificates, PEM or DER; those between the signer and the root are sent along. May be given"
                            + " more than once.")
    private List<Path> chain = new ArrayList<>();

    SmimeSignCommand(RootCommand root) {
        this.root = root;
    }

    /** What was done, for the report. */
    private record Signed(CertifiedKey signer, SignatureScheme scheme) {}

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        Output output = Output.of(out, OutputFile.Access.USUAL, environment);
        requireFileForJson(root, output);
        try (Input.Reopened input = Input.of(mail, environment).reopened()) {
            Mail parsed = Mail.read(input.source());
            try (TokenClient client = root.connect()) {
                report(sign(parsed, client, output), parsed);
            }
        }
        return ExitStatus.OK.code();
    }

    static void requireFileForJson(RootCommand root, Output output) {
        if (root.json() && output.isStandard()) {
            throw new CommandException(
                    ExitStatus.USAGE, "--json and the mail cannot both go to standard output; add --out FILE");
        }
    }

    private Signed sign(Mail parsed, TokenClient client, Output output) throws IOException {
        TokenKeys keys = TokenKeys.of(client);
        List<KeyDescription> listed = keys.list();
        String named = key;
        String fingerprint = named == null ? null : KeyName.among(listed, named).fingerprint();
        CertifiedKey signer = new SigningCertificates(listed, root.environment().clock())
                .choose(new SigningWish(fingerprint, from, parsed.from()));
        MessageSigner signing = new MessageSigner(keys, root.environment().clock(), new SecureRandom());
        SigningOptions options = new SigningOptions(opaque, algorithm, known(listed));
        SignatureScheme[] scheme = new SignatureScheme[1];
        output.write(stream -> scheme[0] = signing.sign(parsed, signer, options, stream));
        return new Signed(signer, scheme[0]);
    }

    /** CAs come from the files that are given, and from the tokens, which often carry them. */
    private List<MailCertificate> known(List<KeyDescription> listed) throws IOException {
        List<MailCertificate> known = new ArrayList<>();
        for (Path file : chain) {
            known.addAll(CertificateFile.parse(Files.readAllBytes(file), file.toString()));
        }
        for (KeyDescription each : listed) {
            each.issuers().forEach(der -> MailCertificate.of(der).ifPresent(known::add));
        }
        return known;
    }

    private void report(Signed signed, Mail parsed) {
        MailCertificate certificate = signed.signer().certificate();
        boolean ownAddress = parsed.from().isEmpty() || parsed.from().stream().anyMatch(certificate::hasAddress);
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", signed.signer().key().fingerprint());
                json.writeStringField("uri", signed.signer().key().uri());
                json.writeStringField("certificate", certificate.fingerprint());
                json.writeStringField("subject", certificate.subject());
                json.writeStringField("algorithm", signed.scheme().algorithm().wireName());
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
