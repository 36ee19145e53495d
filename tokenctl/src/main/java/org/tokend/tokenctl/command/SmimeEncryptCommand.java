package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.EncryptionPlan;
import org.tokend.smime.MessageEncryptor;
import org.tokend.smime.MessageSigner;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.SignedDataWriter;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.profile.Profile;
import org.tokend.smime.profile.ProfileCheck;
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
        name = "encrypt",
        description =
                "Encrypts a mail to all its recipients and to its sender. If one of them has no certificate that can"
                        + " be used, nothing is written at all, and each is named with the reason.")
final class SmimeEncryptCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(arity = "0..1", paramLabel = "MAIL", description = "The mail. Otherwise standard input.")
    private @Nullable Path mail;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the encrypted mail goes. Otherwise standard output.")
    private @Nullable Path out;

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description = "Encrypt to this address, and not to those in To, Cc and Bcc. May be given more than once.")
    private List<String> to = new ArrayList<>();

    @Option(
            names = "--recipient-cert",
            paramLabel = "FILE",
            description =
                    "A certificate of a recipient, PEM or DER. May be given more than once. Where the mail names no"
                            + " recipient and --to is not given, these are the recipients.")
    private List<Path> certificates = new ArrayList<>();

    @Option(
            names = "--self",
            paramLabel = "ADDRESS",
            description = "Your own address, so that you can read what you sent. Otherwise the mail's From.")
    private @Nullable String self;

    @Option(names = "--no-self", description = "Do not encrypt to yourself; you will not be able to read the mail.")
    private boolean withoutSelf;

    @Option(
            names = "--cipher",
            paramLabel = "CIPHER",
            converter = CipherConverter.class,
            completionCandidates = CipherConverter.Names.class,
            description =
                    "Otherwise aes-256-gcm if every recipient is known to read it, else the policy's default.cipher.")
    private @Nullable ContentAlgorithm cipher;

    @Option(names = "--sign", description = "Sign first; the signature is inside. The options of \"smime sign\" apply.")
    private boolean sign;

    @Option(names = "--explain", description = "Say for each choice what was chosen and why.")
    private boolean explain;

    @Mixin
    private SignerOptions signing = new SignerOptions();

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    SmimeEncryptCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        Output output = Output.of(out, OutputFile.Access.USUAL, environment);
        SmimeSignCommand.requireFileForJson(root, output);
        try (Input.Reopened input = Input.of(mail, environment).reopened()) {
            Mail plain = Mail.read(input.source());
            Mail parsed = signing.protectsHeaders(environment) ? plain.withHiddenHeaders() : plain;
            if (withoutSelf && !sign) {
                encrypt(parsed, null, output);
            } else {
                try (TokenClient client = root.connect()) {
                    encrypt(parsed, TokenKeys.of(client), output);
                }
            }
        }
        return ExitStatus.OK.code();
    }

    private void encrypt(Mail parsed, @Nullable TokenKeys keys, Output output) throws IOException {
        Environment environment = root.environment();
        MailCertificate own = own(keys);
        EncryptionPlan.Wish wish = wish(parsed, own);
        EncryptionPlan plan = EncryptionPlan.of(
                wish,
                known(keys, wish, own),
                trust.trust(environment),
                MailSetup.algorithms(environment),
                environment.clock());
        SecureRandom random = new SecureRandom();
        MessageEncryptor encryptor = new MessageEncryptor(random);
        if (sign && keys != null) {
            SignerOptions.Chosen chosen = signing.choose(parsed, keys, environment);
            SignedDataWriter.Content signed = new MessageSigner(keys, environment.clock(), random)
                    .entity(parsed, chosen.signer(), chosen.options());
            output.write(stream -> encryptor.encrypt(parsed, plan, signed, stream));
        } else {
            output.write(stream -> encryptor.encrypt(parsed, plan, stream));
        }
        report(plan);
    }

    /** The certificate that the profile names for one's own copy, or null. */
    private @Nullable MailCertificate own(@Nullable TokenKeys keys) throws IOException {
        Environment environment = root.environment();
        Optional<Profile> profile = signing.profile(environment);
        if (keys == null || withoutSelf || profile.isEmpty()) {
            return null;
        }
        return new ProfileCheck(keys.list(), environment.clock(), new OwnReputation(environment))
                .encryptTo(profile.get())
                .orElse(null);
    }

    private @Nullable ContentAlgorithm cipher() throws IOException {
        ContentAlgorithm asked = cipher;
        String chosen = signing.profile(root.environment()).map(Profile::cipher).orElse(null);
        return asked != null || chosen == null ? asked : new CipherConverter().convert(chosen);
    }

    private @Nullable String sender(Mail parsed, @Nullable MailCertificate own) {
        Optional<String> from = parsed.from().stream()
                .filter(each -> own == null || own.hasAddress(each))
                .findFirst();
        return self != null
                ? self
                : from.or(() -> own == null
                                ? Optional.empty()
                                : own.addresses().stream().findFirst())
                        .orElse(null);
    }

    private EncryptionPlan.Wish wish(Mail parsed, @Nullable MailCertificate own) throws IOException {
        List<String> addresses = to.isEmpty() ? parsed.recipients() : to;
        if (addresses.isEmpty()) {
            addresses = new ArrayList<>();
            for (MailCertificate each : given()) {
                addresses.addAll(each.addresses().stream().limit(1).toList());
            }
        }
        String sender = sender(parsed, own);
        if (sender == null && !withoutSelf) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    "the mail does not say who it is from, so it would be unreadable for you; add --self ADDRESS, or"
                            + " --no-self if that is what you want");
        }
        return new EncryptionPlan.Wish(addresses, withoutSelf ? null : sender, cipher());
    }

    private List<MailCertificate> given() throws IOException {
        List<MailCertificate> all = new ArrayList<>();
        for (Path file : certificates) {
            all.addAll(CertificateFile.parse(Files.readAllBytes(file), file.toString()));
        }
        return all;
    }

    private static boolean isWanted(MailCertificate certificate, EncryptionPlan.Wish wish) {
        String self = wish.self();
        return wish.addresses().stream().anyMatch(certificate::hasAddress)
                || self != null && certificate.hasAddress(self);
    }

    /** Files that are given, what was kept, and what the tokens carry; never a certificate from the mail itself. */
    private EncryptionPlan.Known known(
            @Nullable TokenKeys keys, EncryptionPlan.Wish wish, @Nullable MailCertificate own) throws IOException {
        EncryptionPlan.Known kept = recipients.store(root.environment()).load();
        List<MailCertificate> all = new ArrayList<>(given());
        all.addAll(kept.certificates());
        all.addAll(trust.known());
        if (keys != null) {
            List<KeyDescription> listed = keys.list();
            CertifiedKey.stream(listed)
                    .map(CertifiedKey::certificate)
                    .filter(each -> each.isAuthority() || isWanted(each, wish))
                    .forEach(all::add);
            all.addAll(IssuerCertificates.of(listed));
        }
        String sender = wish.self();
        if (own != null && sender != null) {
            all.removeIf(each -> each.hasAddress(sender) && !each.equals(own));
        }
        Map<String, Set<ContentAlgorithm>> capabilities = new HashMap<>(kept.capabilities());
        return new EncryptionPlan.Known(all, capabilities, kept.oaep());
    }

    private void report(EncryptionPlan plan) {
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("cipher", plan.cipher().displayName());
                json.writeArrayFieldStart("recipients");
                for (var each : plan.recipients()) {
                    json.writeString(each.certificate().fingerprint());
                }
                json.writeEndArray();
                json.writeArrayFieldStart("decisions");
                for (String each : plan.decisions()) {
                    json.writeString(each);
                }
                json.writeEndArray();
                json.writeBooleanField("signed", sign);
                json.writeStringField("output", String.valueOf(out));
            });
        } else if (explain) {
            plan.decisions().forEach(each -> root.environment().err().println(Safe.text("tokenctl: " + each)));
        }
    }
}
