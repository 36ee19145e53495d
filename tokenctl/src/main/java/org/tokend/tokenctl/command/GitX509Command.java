package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.MessageVerifier;
import org.tokend.smime.MessageVerifier.Signer;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.TrustVerdict;
import org.tokend.smime.certificate.CertificateChain;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.SigningCertificates;
import org.tokend.smime.certificate.SigningWish;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.SignedDataWriter;
import org.tokend.smime.cms.SignerResult.Status;
import org.tokend.smime.cms.TokenContentSigner;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.SignerText;
import org.tokend.tokenctl.output.StatusLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "git-x509",
        description = "Signs and verifies commits and tags for git, which calls it as gpg.x509.program. The key is"
                + " user.signingKey: a pkcs11: URI, a sha256: fingerprint, a label or the address in a certificate.")
final class GitX509Command implements Callable<Integer> {

    private static final String PEM_BEGIN = "-----BEGIN SIGNED MESSAGE-----\n";
    private static final String PEM_END = "\n-----END SIGNED MESSAGE-----\n";

    private final RootCommand root;

    @Option(
            names = {"-b", "--detach-sign"},
            description = "Sign what stands on standard input; git adds this to --sign.")
    private boolean detached;

    @Option(
            names = {"-s", "--sign"},
            description = "Sign what stands on standard input.")
    private boolean sign;

    @Option(
            names = {"-a", "--armor"},
            description = "The signature in PEM, as git wants it; there is no other form.")
    private boolean armor;

    @Option(
            names = {"-u", "--local-user"},
            paramLabel = "KEY",
            description = "Which key signs.")
    private @Nullable String user;

    @Option(
            names = "--verify",
            paramLabel = "SIGNATURE",
            description = "Verify what stands in the other file, or on" + " standard input where that is named -.")
    private @Nullable Path verify;

    @Option(names = "--status-fd", paramLabel = "FD", description = "Where status lines go: 1 or 2.")
    private int statusFd;

    @Option(names = "--keyid-format", paramLabel = "FORMAT", description = "Understood and not needed.", hidden = true)
    private @Nullable String keyIdFormat;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "What is signed, for --verify.")
    private @Nullable Path content;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    GitX509Command(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Path signature = verify;
        if (signature != null) {
            return verify(signature);
        }
        if (!sign && !detached) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    "say --sign or --verify; git does, after: git config gpg.x509.program tokenctl-git-x509");
        }
        sign();
        return ExitStatus.OK.code();
    }

    private StatusLines status() {
        Environment environment = root.environment();
        PrintStream to = statusFd == 1 ? environment.out() : statusFd == 2 ? environment.err() : null;
        return new StatusLines(to);
    }

    private void sign() throws IOException {
        Environment environment = root.environment();
        StatusLines status = status();
        try (Input.Reopened input = Input.of(null, environment).reopened();
                TokenClient client = root.connect()) {
            TokenKeys keys = TokenKeys.of(client);
            CertifiedKey signer = signer(keys.list());
            SignatureScheme scheme = SignatureScheme.preferredFor(signer.key())
                    .orElseThrow(() -> new CommandException(
                            ExitStatus.NO_PERMISSION, "the key " + signer.key().uri() + " cannot sign"));
            status.line("BEGIN_SIGNING");
            Instant now = environment.clock().instant();
            byte[] signature = new SignedDataWriter(
                            new TokenContentSigner(keys, signer.key().fingerprint(), scheme, "sign for git"),
                            scheme,
                            CertificateChain.of(signer.certificate(), IssuerCertificates.of(keys.list())),
                            now)
                    .detached(out -> copy(input, out));
            environment
                    .out()
                    .print(PEM_BEGIN
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(signature)
                            + PEM_END);
            environment.out().flush();
            status.created(signer.certificate(), now);
        }
    }

    private static void copy(Input.Reopened input, OutputStream out) throws IOException {
        try (InputStream in = input.source().open()) {
            in.transferTo(out);
        }
    }

    /** git hands over user.signingKey, or the committer as {@code Name <address>} where that is not set. */
    private CertifiedKey signer(List<KeyDescription> listed) throws IOException {
        String named = user == null ? "" : user;
        String address = address(named);
        SigningCertificates certificates =
                new SigningCertificates(listed, root.environment().clock(), new OwnReputation(root.environment()));
        if (named.isEmpty()) {
            return certificates.choose(new SigningWish(null, null, List.of()));
        }
        return address.isEmpty()
                ? certificates.choose(
                        new SigningWish(KeyName.among(listed, named).fingerprint(), null, List.of()))
                : certificates.choose(new SigningWish(null, address, List.of()));
    }

    private static String address(String named) {
        if (named.startsWith("pkcs11:") || named.startsWith("sha256:") || !named.contains("@")) {
            return "";
        }
        int open = named.lastIndexOf('<');
        int close = named.lastIndexOf('>');
        return (open >= 0 && close > open ? named.substring(open + 1, close) : named).toLowerCase(Locale.ROOT);
    }

    private int verify(Path signature) throws IOException {
        Environment environment = root.environment();
        StatusLines status = status();
        status.line("NEWSIG");
        MessageVerifier verifier =
                new MessageVerifier(trust.trust(environment), trust.known(), environment.temporaryDirectory());
        try (Input.Reopened input = Input.of(content, environment).reopened();
                InputStream in = Files.newInputStream(signature);
                VerifiedMail verified = verifier.verifyDetached(in, input.source())) {
            for (Signer signer : verified.signers()) {
                tell(signer, status);
            }
            SignerText.brief(verified).forEach(line -> environment.err().println("tokenctl: " + line));
            return SmimeVerifyCommand.status(verified).code();
        }
    }

    private static void tell(Signer signer, StatusLines status) {
        MailCertificate certificate = signer.signature().certificate();
        TrustVerdict verdict = signer.trust();
        if (certificate == null) {
            // GnuPG's doc/DETAILS: 4 for an unknown algorithm, 9 for a missing key.
            boolean missing = signer.signature().status() == Status.CERTIFICATE_MISSING;
            status.line("ERRSIG 0000000000000000 - - - - " + (missing ? 9 : 4));
        } else if (signer.signature().status().isGood() && verdict != null) {
            status.good(certificate, signer.signature().signingTime(), verdict);
        } else {
            status.bad(certificate);
        }
    }
}
