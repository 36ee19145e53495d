package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.RecipientStore;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description =
                "Keeps the certificate of a correspondent (.cer, .pem or .p7b), to encrypt to. That it is kept does"
                        + " not make it trusted: its CA must be.")
final class RecipientsAddCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "FILE", description = "What the correspondent sent you.")
    private Path file = Path.of("");

    @Option(
            names = "--email",
            paramLabel = "ADDRESS",
            description = "Whose it should be; a certificate for another address is refused.")
    private @Nullable String email;

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    RecipientsAddCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<MailCertificate> people = TrustOptions.read(List.of(file)).stream()
                .filter(each -> !each.isAuthority())
                .toList();
        if (people.isEmpty()) {
            throw new CommandException(
                    ExitStatus.DATA, file + " holds CAs only; keep those with \"tokenctl certs import\"");
        }
        people.forEach(this::requireFit);
        RecipientStore store = recipients.store(root.environment());
        for (MailCertificate each : people) {
            store.add(each);
            root.environment().err().println(Safe.text("tokenctl: kept " + each.describe()));
        }
        return ExitStatus.OK.code();
    }

    private void requireFit(MailCertificate certificate) {
        String wanted = email;
        if (certificate.addresses().isEmpty()) {
            throw refused("NO_ADDRESS", certificate, "it names no mail address, so no mail can be matched to it");
        }
        if (wanted != null && !certificate.hasAddress(wanted)) {
            throw refused(
                    "ADDRESS_MISMATCH",
                    certificate,
                    "it is for " + String.join(", ", certificate.addresses()) + ", and not for " + wanted);
        }
        CertificateClass.of(certificate).refusal(KeyPurpose.ENCRYPT).ifPresent(why -> {
            throw refused("WRONG_USAGE", certificate, why);
        });
        if (certificate.notAfter().isBefore(root.environment().clock().instant())) {
            throw refused("EXPIRED", certificate, "it expired on " + certificate.notAfter() + "; ask for the new one");
        }
    }

    private static CommandException refused(String reason, MailCertificate certificate, String why) {
        return new CommandException(
                ExitStatus.DATA, reason + ": the certificate was not kept: " + why, List.of(certificate.describe()));
    }
}
