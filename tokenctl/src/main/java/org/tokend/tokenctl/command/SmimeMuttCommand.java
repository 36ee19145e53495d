package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.EncryptionPlan;
import org.tokend.smime.MessageDecryptor;
import org.tokend.smime.MessageVerifier;
import org.tokend.smime.MessageVerifier.Verdict;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.TrustVerdict;
import org.tokend.smime.certificate.CertificateChain;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.SigningCertificates;
import org.tokend.smime.certificate.SigningWish;
import org.tokend.smime.cms.EnvelopeWriter;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.SignedDataWriter;
import org.tokend.smime.cms.TokenContentSigner;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.CrlfOutput;
import org.tokend.smime.mime.Source;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.HeaderText;
import org.tokend.tokenctl.output.OutputFile;
import org.tokend.tokenctl.output.Safe;
import org.tokend.tokenctl.output.SignerText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The pieces of S/MIME as mutt asks for them: entities in and DER out, one file at a time. */
@Command(
        name = "mutt",
        description = "What mutt and neomutt call in their smime_..._command settings; see docs/mutt.md.",
        synopsisSubcommandLabel = "COMMAND")
final class SmimeMuttCommand implements Runnable {

    private static final String GOOD = "Verification successful";

    private final RootCommand root;

    @Spec
    private @Nullable CommandSpec spec;

    SmimeMuttCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        CommandSpec own = spec;
        if (own != null) {
            throw new CommandLine.ParameterException(own.commandLine(), "mutt says what to do; see docs/mutt.md");
        }
    }

    private Output out() {
        return Output.of(null, OutputFile.Access.OWNER_ONLY, root.environment());
    }

    /** mutt writes lines as Unix does, and sends and verifies them with CRLF. */
    private static SignedDataWriter.Content content(Path file) {
        return stream -> {
            CrlfOutput canonical = new CrlfOutput(stream);
            try (InputStream in = Source.of(file).open()) {
                in.transferTo(canonical);
            }
            canonical.flush();
        };
    }

    @Command(name = "sign", description = "The detached signature of a MIME entity, in DER.")
    int sign(
            @Option(names = "--key", paramLabel = "KEY", required = true) String key,
            @Parameters(paramLabel = "ENTITY") Path entity)
            throws IOException {
        try (TokenClient client = root.connectSilently()) {
            TokenKeys keys = TokenKeys.of(client);
            List<KeyDescription> listed = keys.list();
            MuttName wanted = MuttName.of(key);
            String address = wanted.isAddress() ? wanted.name() : null;
            String named = address != null
                    ? null
                    : KeyName.among(listed, wanted.name()).fingerprint();
            CertifiedKey signer = new SigningCertificates(
                            listed, root.environment().clock(), new OwnReputation(root.environment()))
                    .choose(new SigningWish(named, address, List.of()));
            SignatureScheme scheme = SignatureScheme.preferredFor(signer.key())
                    .orElseThrow(() -> new CommandException(
                            ExitStatus.NO_PERMISSION, "the key " + signer.key().uri() + " cannot sign"));
            byte[] signature = new SignedDataWriter(
                            new TokenContentSigner(keys, signer.key().fingerprint(), scheme, "sign a mail"),
                            scheme,
                            CertificateChain.of(signer.certificate(), IssuerCertificates.of(listed)),
                            root.environment().clock().instant())
                    .detached(content(entity));
            out().write(stream -> stream.write(signature));
        }
        return ExitStatus.OK.code();
    }

    @Command(name = "encrypt", description = "A MIME entity, encrypted to certificates in files, in DER.")
    int encrypt(
            @Mixin TrustOptions trust,
            @Parameters(index = "0", paramLabel = "ENTITY") Path entity,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "CERTIFICATE") List<Path> files)
            throws IOException {
        Environment environment = root.environment();
        List<MailCertificate> given = new ArrayList<>();
        for (Path file : files) {
            given.addAll(Files.exists(file) ? TrustOptions.read(List.of(file)) : List.of(own(file)));
        }
        List<String> addresses = new ArrayList<>();
        given.forEach(each -> each.addresses().stream().limit(1).forEach(addresses::add));
        List<MailCertificate> known = new ArrayList<>(given);
        known.addAll(trust.known());
        EncryptionPlan plan = EncryptionPlan.of(
                new EncryptionPlan.Wish(addresses, null, null),
                new EncryptionPlan.Known(known, java.util.Map.of()),
                trust.trust(environment),
                MailSetup.algorithms(environment),
                environment.clock());
        out().write(stream -> new EnvelopeWriter(plan.cipher(), plan.recipients(), new SecureRandom())
                .write(content(entity), stream));
        return ExitStatus.OK.code();
    }

    private MailCertificate own(Path handedOver) {
        try (TokenClient client = root.connectSilently()) {
            return MuttName.of(handedOver.toString())
                    .own(client.listKeys(null), root.environment().clock().instant());
        }
    }

    @Command(name = "decrypt", description = "The content of an encrypted message.")
    int decrypt(@Parameters(paramLabel = "MESSAGE") Path message) throws IOException {
        Environment environment = root.environment();
        try (InputStream in = Source.of(message).open();
                TokenClient client = root.connectSilently();
                MessageDecryptor.DecryptedMail mail =
                        new MessageDecryptor(TokenKeys.of(client), environment.temporaryDirectory()).decrypt(in)) {
            out().write(mail::writeTo);
        }
        return ExitStatus.OK.code();
    }

    @Command(name = "verify", description = "Verifies; mutt reads the first line on standard error.")
    int verify(
            @Mixin TrustOptions trust,
            @Option(names = "--content", paramLabel = "ENTITY") @Nullable Path content,
            @Parameters(paramLabel = "MESSAGE") Path message)
            throws IOException {
        Environment environment = root.environment();
        try (VerifiedMail mail = read(trust, content, message)) {
            environment.err().println(mail.verdict() == Verdict.GOOD ? GOOD : "Verification failure");
            SignerText.brief(mail).forEach(environment.err()::println);
            HeaderText.lines(mail.protection())
                    .forEach(line -> environment.err().println(Safe.text(line)));
            // What stands beside its signature mutt has already, and it closes the pipe at once.
            if (!mail.isBad() && content == null) {
                out().write(mail::writeTo);
            }
            return SmimeVerifyCommand.status(mail).code();
        }
    }

    private VerifiedMail read(TrustOptions trust, @Nullable Path content, Path message) throws IOException {
        Environment environment = root.environment();
        MessageVerifier verifier =
                new MessageVerifier(trust.trust(environment), trust.known(), environment.temporaryDirectory());
        if (content == null) {
            return verifier.verify(Source.of(message));
        }
        try (InputStream in = Source.of(message).open()) {
            return verifier.verifyDetached(in, Source.of(content));
        }
    }

    @Command(name = "signer", description = "Writes the certificate of the signer, if there is exactly one, as PEM.")
    int signer(
            @Parameters(index = "0", paramLabel = "MAIL") Path mail,
            @Parameters(index = "1", paramLabel = "CERTIFICATE") Path file)
            throws IOException {
        Environment environment = root.environment();
        MessageVerifier verifier = new MessageVerifier(
                (signer, purpose, sent) -> TrustVerdict.NOT_ASKED, List.of(), environment.temporaryDirectory());
        try (VerifiedMail verified = verifier.verify(Source.of(mail))) {
            MailCertificate certificate = verified.signers().size() == 1
                    ? verified.signers().get(0).signature().certificate()
                    : null;
            if (certificate == null) {
                throw new CommandException(ExitStatus.DATA, mail + " does not carry the certificate of one signer");
            }
            // Into the very file, which mutt holds open; a new one in its place it would not see.
            Files.write(file, pem(certificate));
        }
        return ExitStatus.OK.code();
    }

    @Command(name = "certificates", description = "All certificates that a signed mail carries, as PEM.")
    int certificates(@Parameters(paramLabel = "MAIL") Path mail) throws IOException {
        Environment environment = root.environment();
        MessageVerifier verifier = new MessageVerifier(
                (signer, purpose, sent) -> TrustVerdict.NOT_ASKED, List.of(), environment.temporaryDirectory());
        try (VerifiedMail verified = verifier.verify(Source.of(mail))) {
            out().write(stream -> writeAll(verified.certificates(), stream));
        }
        return ExitStatus.OK.code();
    }

    private static void writeAll(List<MailCertificate> certificates, OutputStream stream) throws IOException {
        for (MailCertificate each : certificates) {
            stream.write(pem(each));
        }
    }

    private static byte[] pem(MailCertificate certificate) {
        return ("-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.encoded())
                        + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
