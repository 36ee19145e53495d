package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.trust.TrustedRoot;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = "Trusts a root CA for mail, for you alone. Needs its fingerprint, from elsewhere than the file:"
                + " whoever trusts a root trusts every name it gives.")
final class TrustAddCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "The root's certificate, PEM or DER.")
    private Path file = Path.of("");

    @Option(
            names = "--fingerprint",
            paramLabel = "SHA256",
            description = "The fingerprint as the CA told it: SHA-256 in hex, with or without colons.")
    private @Nullable String fingerprint;

    TrustAddCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<MailCertificate> found = TrustOptions.read(List.of(file));
        String told = fingerprint;
        if (told == null) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    "nothing was trusted: compare the fingerprint with the one that the CA tells you on another way,"
                            + " and give it with --fingerprint",
                    found.stream()
                            .map(each ->
                                    each.subject() + ", valid until " + each.notAfter() + ", " + each.fingerprint())
                            .toList());
        }
        TrustedRoot added = MailSetup.of(root.environment()).roots().add(found, told);
        root.environment()
                .err()
                .println(Safe.text(
                        "tokenctl: trusts " + added.certificate().subject() + " for mail (" + added.file() + ")"));
        return ExitStatus.OK.code();
    }
}
