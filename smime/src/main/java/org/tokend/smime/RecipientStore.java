package org.tokend.smime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tokend.smime.MessageVerifier.Signer;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.CertificateChain;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.Capabilities;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.Oaep;

/**
 * Certificates of correspondents, one PEM file each with what its owner is known to read, in a directory that a person can
 * look into and copy. The CAs between them and their roots are kept beside them, and not trusted by that.
 */
public final class RecipientStore {

    private static final String READS = "reads: ";
    private static final int MAX_LINKS = 8;

    private final Path directory;

    public RecipientStore(Path directory) {
        this.directory = directory;
    }

    public EncryptionPlan.Known load() throws IOException {
        List<MailCertificate> certificates = new ArrayList<>();
        Map<String, Set<ContentAlgorithm>> capabilities = new HashMap<>();
        Map<String, Oaep> oaep = new HashMap<>();
        if (!Files.isDirectory(directory)) {
            return new EncryptionPlan.Known(certificates, capabilities);
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".pem"))
                    .sorted()
                    .toList()) {
                byte[] bytes = Files.readAllBytes(file);
                for (MailCertificate each : CertificateFile.parse(bytes, file.toString())) {
                    certificates.add(each);
                    List<String> reads = reads(new String(bytes, StandardCharsets.ISO_8859_1));
                    capabilities.put(each.fingerprint(), ciphers(reads));
                    reads.stream()
                            .flatMap(name -> Oaep.named(name).stream())
                            .findFirst()
                            .ifPresent(found -> oaep.put(each.fingerprint(), found));
                }
            }
        }
        return new EncryptionPlan.Known(certificates, capabilities, oaep);
    }

    private static List<String> reads(String text) {
        return text.lines()
                .filter(line -> line.startsWith(READS))
                .flatMap(line -> Stream.of(line.substring(READS.length()).split(", ", -1)))
                .toList();
    }

    private static Set<ContentAlgorithm> ciphers(List<String> names) {
        Set<ContentAlgorithm> found = EnumSet.noneOf(ContentAlgorithm.class);
        names.forEach(name -> Stream.of(ContentAlgorithm.values())
                .filter(each -> each.displayName().equals(name))
                .forEach(found::add));
        return found;
    }

    /**
     * Keeps the certificates to which the signers of a mail want to be encrypted to. Only of signers who are proven to be
     * the sender: else anybody could put a certificate of theirs in another's place.
     */
    public List<MailCertificate> harvest(VerifiedMail mail) throws IOException {
        List<MailCertificate> kept = new ArrayList<>();
        if (!mail.isProven()) {
            return kept;
        }
        for (Signer signer : mail.signers()) {
            Optional<MailCertificate> wanted = signer.isProven() ? wanted(signer, mail) : Optional.empty();
            if (wanted.isPresent()) {
                save(wanted.get(), signer);
                saveLinks(wanted.get(), mail);
                kept.add(wanted.get());
            }
        }
        return kept;
    }

    /** What the signer prefers (RFC 8551 §2.5.3), else the signing certificate, else one of the same address in the mail. */
    private static Optional<MailCertificate> wanted(Signer signer, VerifiedMail mail) {
        MailCertificate own = signer.signature().signer().orElseThrow();
        List<MailCertificate> candidates = new ArrayList<>();
        MailCertificate preferred = signer.signature().encryptionCertificate();
        if (preferred != null) {
            candidates.add(preferred);
        }
        candidates.add(own);
        mail.certificates().stream().sorted(MailCertificate.BY_AGE.reversed()).forEach(candidates::add);
        return candidates.stream()
                .filter(MailCertificate::mayEncrypt)
                .filter(each -> own.addresses().stream().anyMatch(each::hasAddress))
                .findFirst();
    }

    /** The CAs that the mail brought along: without them nobody could tell later, with no mail at hand, who issued it. */
    private void saveLinks(MailCertificate certificate, VerifiedMail mail) throws IOException {
        List<MailCertificate> chain = CertificateChain.of(certificate, mail.certificates());
        for (MailCertificate link : chain.subList(1, Math.min(chain.size(), MAX_LINKS))) {
            save(link, Set.of());
        }
    }

    private void save(MailCertificate certificate, Signer signer) throws IOException {
        save(certificate, signer.signature().capabilities());
    }

    public void save(MailCertificate certificate, Set<ContentAlgorithm> reads) throws IOException {
        save(certificate, new Capabilities(reads, null));
    }

    private void save(MailCertificate certificate, Capabilities reads) throws IOException {
        List<String> names = new ArrayList<>(reads.ciphers().stream()
                .sorted()
                .map(ContentAlgorithm::displayName)
                .toList());
        Oaep oaep = reads.oaep();
        if (oaep != null) {
            names.add(oaep.toString());
        }
        Files.createDirectories(directory);
        String text = certificate.subject().replaceAll("\\p{Cntrl}", " ") + "\n"
                + (names.isEmpty() ? "" : READS + String.join(", ", names) + "\n")
                + "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.encoded())
                + "\n-----END CERTIFICATE-----\n";
        String name = certificate.fingerprint().substring("sha256:".length()) + ".pem";
        Path temporary = Files.createTempFile(directory, ".new", "");
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
