package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.Anchors;
import org.tokend.smime.chain.ChainVerdict;
import org.tokend.smime.chain.IssuerSource;
import org.tokend.smime.chain.PathFinder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/**
 * Somebody who has to trust a certificate: this machine's mail, its other programs, a server, a partner.
 *
 * @param roots that this side trusts
 * @param links CAs between that this side has, and does not trust for that
 */
record TrustSide(String name, List<MailCertificate> roots, List<MailCertificate> links) {

    private static final String CERTIFICATE = ".*\\.(pem|crt|cer|der|p7b)";

    /** @param place what this side has: a file with certificates, or a directory of such files */
    static TrustSide of(String name, Path place) throws IOException {
        List<MailCertificate> all = new ArrayList<>();
        for (Path file : files(place)) {
            all.addAll(CertificateFile.lenient(Files.readAllBytes(file)));
        }
        if (all.isEmpty()) {
            throw new CommandException(
                    ExitStatus.NO_INPUT,
                    "side " + name + ": " + place
                            + " holds no certificate; name the file or the directory in which this"
                            + " side keeps whom it trusts");
        }
        return new TrustSide(
                name,
                all.stream().filter(MailCertificate::hasOwnSignature).toList(),
                all.stream().filter(each -> !each.hasOwnSignature()).toList());
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            if (!Files.exists(place)) {
                throw new NoSuchFileException(place.toString());
            }
            return List.of(place);
        }
        try (Stream<Path> listed = Files.list(place)) {
            return listed.filter(each -> each.toString().matches(CERTIFICATE))
                    .sorted()
                    .toList();
        }
    }

    /** With what comes with the certificate and what this side has; nobody is asked. */
    ChainVerdict judge(MailCertificate certificate, Collection<MailCertificate> sent, Clock clock) {
        List<MailCertificate> around = new ArrayList<>(sent);
        around.addAll(links);
        IssuerSource nobody = new IssuerSource(Fetcher.offline(), DocumentCache.none());
        return new PathFinder(new Anchors(roots), nobody, AlgorithmPolicy.builtIn(), clock)
                .find(certificate, around, FetchBudget.of(Duration.ZERO));
    }

    /** Those of a path that holds elsewhere which neither this side has nor the certificate brings along. */
    List<MailCertificate> lacks(ChainVerdict elsewhere, Collection<MailCertificate> sent) {
        List<MailCertificate> path = elsewhere.path();
        List<MailCertificate> lacking = new ArrayList<>();
        for (MailCertificate each : path.subList(Math.min(1, path.size()), path.size())) {
            boolean root = each.equals(path.get(path.size() - 1));
            if (!roots.contains(each) && (root || !(links.contains(each) || sent.contains(each)))) {
                lacking.add(each);
            }
        }
        return lacking;
    }
}
