package org.tokend.smime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tokend.smime.KeptRecipient.Origin;
import org.tokend.smime.MessageVerifier.Signer;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.CertificateChain;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.Oaep;

/**
 * Certificates of correspondents, one PEM file each with what its owner is known to read, in a directory that a person can
 * look into and copy. The CAs between them and their roots are kept beside them, and not trusted by that.
 */
public final class RecipientStore {

    private static final int MAX_LINKS = 8;

    private final Path directory;
    private final Clock clock;

    public RecipientStore(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** All that is known, in no order that means anything. */
    public List<KeptRecipient> list() throws IOException {
        List<KeptRecipient> all = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".pem"))
                        .sorted()
                        .toList()) {
                    all.addAll(RecipientFile.read(file));
                }
            }
        }
        return all;
    }

    public EncryptionPlan.Known load() throws IOException {
        List<MailCertificate> certificates = new ArrayList<>();
        Map<String, Set<ContentAlgorithm>> capabilities = new HashMap<>();
        Map<String, Oaep> oaep = new HashMap<>();
        for (KeptRecipient each : list()) {
            certificates.add(each.certificate());
            capabilities.put(each.certificate().fingerprint(), each.reads().ciphers());
            Oaep told = each.reads().oaep();
            if (told != null) {
                oaep.put(each.certificate().fingerprint(), told);
            }
        }
        return new EncryptionPlan.Known(certificates, capabilities, oaep);
    }

    /**
     * Keeps the certificates to which the signers of a mail want to be encrypted to. Only of signers who are proven to be
     * the sender: else anybody could put a certificate of theirs in another's place.
     */
    public Harvest harvest(VerifiedMail mail) throws IOException {
        Optional<Harvest> refusal = Harvest.refusal(mail);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        List<MailCertificate> kept = new ArrayList<>();
        for (Signer signer : mail.signers()) {
            Optional<MailCertificate> wanted = signer.isProven() ? wanted(signer, mail) : Optional.empty();
            if (wanted.isPresent()) {
                save(heard(wanted.get(), signer));
                saveLinks(wanted.get(), mail);
                kept.add(wanted.get());
            }
        }
        return Harvest.kept(kept);
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
            save(KeptRecipient.silent(link, Origin.CA, clock.instant()));
        }
    }

    private KeptRecipient heard(MailCertificate certificate, Signer signer) {
        Instant now = clock.instant();
        Instant said = signer.signature().signingTime();
        return new KeptRecipient(
                certificate,
                signer.signature().capabilities(),
                Origin.SIGNED_MAIL,
                said != null && said.isAfter(now) ? now : said,
                now);
    }

    /** Keeps a certificate that somebody handed over. What its owner once said in a mail stays known. */
    public void add(MailCertificate certificate) throws IOException {
        save(KeptRecipient.silent(certificate, Origin.FILE, clock.instant()));
    }

    private void save(KeptRecipient recipient) throws IOException {
        String name = recipient.certificate().fingerprint().substring("sha256:".length()) + ".pem";
        Path file = Files.createDirectories(directory).resolve(name);
        if (!Files.exists(file) || RecipientFile.read(file).stream().allMatch(recipient::replaces)) {
            RecipientFile.write(recipient, file);
        }
    }
}
