package org.tokend.smime;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.RecipientRefusal.Reason;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.ContentRecipient;
import org.tokend.smime.cms.DeclaredCiphers;

/**
 * To which certificates a mail is encrypted, and with which cipher; made whole, or not at all.
 *
 * @param decisions one sentence for each choice and where it came from
 */
public record EncryptionPlan(ContentAlgorithm cipher, List<ContentRecipient> recipients, List<String> decisions) {

    public EncryptionPlan {
        recipients = List.copyOf(recipients);
        decisions = List.copyOf(decisions);
    }

    /**
     * What is known about recipients.
     *
     * @param capabilities by certificate fingerprint: the ciphers that its owner says can be read
     * @param oaep fingerprints of those whose owners say that they read RSA-OAEP with SHA-256 (RFC 8551 §2.5.2)
     */
    public record Known(
            Collection<MailCertificate> certificates,
            Map<String, Set<ContentAlgorithm>> capabilities,
            Set<String> oaep) {

        public Known(Collection<MailCertificate> certificates, Map<String, Set<ContentAlgorithm>> capabilities) {
            this(certificates, capabilities, Set.of());
        }

        /** A key that is for OAEP alone must not be used otherwise (RFC 4055 §4.1). */
        boolean wantsOaep(MailCertificate certificate) {
            return PKCSObjectIdentifiers.id_RSAES_OAEP.equals(keyType(certificate))
                    || PKCSObjectIdentifiers.rsaEncryption.equals(keyType(certificate))
                            && oaep.contains(certificate.fingerprint());
        }

        private static ASN1ObjectIdentifier keyType(MailCertificate certificate) {
            return certificate.holder().getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
        }

        /** What its owner said in a mail; else what the certificate says (RFC 4262), which is older; else nothing. */
        Set<ContentAlgorithm> reads(MailCertificate certificate) {
            Set<ContentAlgorithm> told = capabilities.getOrDefault(certificate.fingerprint(), Set.of());
            return told.isEmpty() ? DeclaredCiphers.of(certificate) : told;
        }
    }

    /**
     * Who is to read the mail.
     *
     * @param self the sender's own address, or null to leave the sender out
     * @param cipher null for AES-256-CBC, or AES-256-GCM if everybody is known to read it
     */
    public record Wish(
            List<String> addresses,
            @Nullable String self,
            @Nullable ContentAlgorithm cipher) {}

    /** @throws RecipientRefusal with a reason for each recipient who cannot be encrypted to */
    public static EncryptionPlan of(Wish wish, Known known, SignerTrust trust, Clock clock) throws RecipientRefusal {
        Set<String> everybody = new LinkedHashSet<>();
        wish.addresses().forEach(each -> everybody.add(each.toLowerCase(Locale.ROOT)));
        String self = wish.self();
        if (self != null) {
            everybody.add(self.toLowerCase(Locale.ROOT));
        }
        if (wish.addresses().isEmpty()) {
            throw new RecipientRefusal(
                    List.of(new RecipientRefusal.Refused("", Reason.MISSING, "the mail has no recipient")));
        }
        Map<String, MailCertificate> chosen = new LinkedHashMap<>();
        List<RecipientRefusal.Refused> refused = new ArrayList<>();
        Choice choice = new Choice(known, trust, clock.instant());
        for (String address : everybody) {
            try {
                chosen.put(address, choice.of(address));
            } catch (RecipientRefusal one) {
                refused.addAll(one.refused());
            }
        }
        ContentAlgorithm cipher = cipher(wish, known, chosen, refused);
        if (!refused.isEmpty()) {
            throw new RecipientRefusal(refused);
        }
        return planned(cipher, wish.cipher() != null, chosen, known);
    }

    private static EncryptionPlan planned(
            ContentAlgorithm cipher, boolean asked, Map<String, MailCertificate> chosen, Known known) {
        List<String> decisions = new ArrayList<>();
        decisions.add("cipher " + cipher.displayName() + ": "
                + (asked
                        ? "asked for"
                        : cipher.isAuthenticated()
                                ? "every recipient is known to read it"
                                : "every mail program reads it; not every recipient is known to read AES-GCM"));
        Set<MailCertificate> certificates = new LinkedHashSet<>(chosen.values());
        chosen.forEach((address, certificate) -> decisions.add(address + ": " + certificate.subject() + ", valid until "
                + certificate.notAfter() + ", " + certificate.fingerprint()
                + (known.wantsOaep(certificate) ? ", RSA-OAEP, because it is asked for" : "")));
        return new EncryptionPlan(
                cipher,
                certificates.stream()
                        .map(each -> new ContentRecipient(each, known.wantsOaep(each)))
                        .toList(),
                decisions);
    }

    private static ContentAlgorithm cipher(
            Wish wish, Known known, Map<String, MailCertificate> chosen, List<RecipientRefusal.Refused> refused) {
        ContentAlgorithm asked = wish.cipher();
        boolean everybody = !chosen.isEmpty();
        for (Map.Entry<String, MailCertificate> each : chosen.entrySet()) {
            Set<ContentAlgorithm> reads = known.reads(each.getValue());
            everybody &= reads.contains(ContentAlgorithm.AES_256_GCM);
            if (asked != null && !reads.isEmpty() && !reads.contains(asked)) {
                refused.add(new RecipientRefusal.Refused(
                        each.getKey(),
                        Reason.CAPABILITY_CONFLICT,
                        "says it reads other ciphers than " + asked.displayName()
                                + "; leave --cipher out to use one that everybody reads"));
            }
        }
        if (asked != null) {
            return asked;
        }
        return everybody ? ContentAlgorithm.AES_256_GCM : ContentAlgorithm.AES_256_CBC;
    }

    /** The certificate of one address; the order in which certificates are known never decides. */
    private record Choice(Known known, SignerTrust trust, Instant now) {

        MailCertificate of(String address) throws RecipientRefusal {
            List<MailCertificate> candidates = known.certificates().stream()
                    .filter(each -> each.hasAddress(address))
                    .distinct()
                    .toList();
            RecipientRefusal.Refused worst = new RecipientRefusal.Refused(
                    address,
                    Reason.MISSING,
                    "no certificate is known; ask for a signed mail and keep it with"
                            + " \"tokenctl smime verify --harvest\", or give one with --recipient-cert");
            MailCertificate best = null;
            for (MailCertificate each : candidates) {
                Optional<RecipientRefusal.Refused> refusal = refusal(address, each);
                if (refusal.isPresent()) {
                    worst = worst.reason().compareTo(refusal.get().reason()) < 0 ? refusal.get() : worst;
                } else if (best == null || MailCertificate.BY_AGE.compare(each, best) > 0) {
                    best = each;
                }
            }
            if (best == null) {
                throw new RecipientRefusal(List.of(worst));
            }
            return best;
        }

        private Optional<RecipientRefusal.Refused> refusal(String address, MailCertificate each) {
            if (now.isAfter(each.notAfter())) {
                return refused(
                        address,
                        Reason.EXPIRED,
                        "the certificate expired on " + each.notAfter() + " (serial "
                                + each.holder().getSerialNumber().toString(16) + "); ask for the new one");
            }
            if (now.isBefore(each.notBefore())) {
                return refused(
                        address,
                        Reason.NOT_YET_VALID,
                        "the certificate is not valid before " + each.notBefore() + "; is the clock right?");
            }
            if (!each.mayEncrypt()) {
                return refused(
                        address,
                        Reason.WRONG_USAGE,
                        "the certificate is not made for encrypted mail (key usage);" + " ask for the one that is");
            }
            if (each.isWeak()) {
                return refused(address, Reason.WEAK_KEY, "the key of the certificate is too short to keep a secret");
            }
            TrustVerdict verdict = trust.judge(each, KeyPurpose.ENCRYPT, List.copyOf(known.certificates()));
            if (verdict.revocation() == TrustVerdict.Revocation.REVOKED) {
                return refused(address, Reason.REVOKED, verdict.reason());
            }
            return verdict.isTrusted()
                    ? Optional.empty()
                    : refused(address, Reason.UNTRUSTED, verdict.reason() + "; " + verdict.next());
        }

        private static Optional<RecipientRefusal.Refused> refused(String address, Reason reason, String text) {
            return Optional.of(new RecipientRefusal.Refused(address, reason, text));
        }
    }
}
