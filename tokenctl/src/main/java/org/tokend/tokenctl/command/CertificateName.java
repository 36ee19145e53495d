package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.tokend.client.TokenClient;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/** What a person calls a certificate: a file, a fingerprint, an address, or the label of its key on a token. */
final class CertificateName {

    private CertificateName() {}

    /** The certificate, and those that lie around it. */
    record Named(MailCertificate certificate, List<MailCertificate> around) {}

    static Named resolve(String name, RootCommand root) throws IOException {
        if (Files.isRegularFile(Path.of(name))) {
            List<MailCertificate> found = TrustOptions.read(List.of(Path.of(name)));
            return new Named(found.get(0), found);
        }
        List<MailCertificate> fitting;
        List<MailCertificate> issuers;
        try (TokenClient client = root.connect()) {
            var keys = client.listKeys(null);
            fitting = CertifiedKey.stream(keys)
                    .filter(each -> fits(each, name))
                    .map(CertifiedKey::certificate)
                    .distinct()
                    .toList();
            issuers = IssuerCertificates.of(keys);
        }
        if (fitting.size() == 1) {
            return new Named(fitting.get(0), issuers);
        }
        throw new CommandException(
                fitting.isEmpty() ? ExitStatus.NO_INPUT : ExitStatus.USAGE,
                fitting.isEmpty()
                        ? "there is neither a file nor a certificate on a token that is called " + name
                                + "; see \"tokenctl certs list\""
                        : name + " is the name of " + fitting.size() + " certificates; use the fingerprint of one",
                fitting.stream().map(MailCertificate::describe).toList());
    }

    private static boolean fits(CertifiedKey each, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return each.certificate().fingerprint().equals(wanted)
                || each.key().fingerprint().equals(wanted)
                || each.key().label().equals(name)
                || each.key().uri().equals(name)
                || each.certificate().hasAddress(name);
    }
}
