package org.tokend.smime;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.RecipientRefusal.Reason;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.Capabilities;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.ContentRecipient;
import org.tokend.smime.cms.Oaep;
import org.tokend.smime.policy.AlgorithmPolicy;

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
     * @param oaep by certificate fingerprint: the RSA-OAEP that its owner says can be read (RFC 8551 §2.5.2)
     */
    public record Known(
            Collection<MailCertificate> certificates,
            Map<String, Set<ContentAlgorithm>> capabilities,
            Map<String, Oaep> oaep) {

        public Known(Collection<MailCertificate> certificates, Map<String, Set<ContentAlgorithm>> capabilities) {
            this(certificates, capabilities, Map.of());
        }

        /** Null for PKCS#1 v1.5. What the key asks for goes before what its owner said (RFC 4055 §4.1). */
        public @Nullable Oaep oaepFor(MailCertificate certificate) {
            if (PKCSObjectIdentifiers.id_RSAES_OAEP.equals(keyType(certificate))) {
                return Oaep.ofKey(certificate).orElseGet(() -> told(certificate).orElse(Oaep.USUAL));
            }
            return PKCSObjectIdentifiers.rsaEncryption.equals(keyType(certificate))
                    ? told(certificate).orElse(null)
                    : null;
        }

        private Optional<Oaep> told(MailCertificate certificate) {
            return Optional.ofNullable(oaep.get(certificate.fingerprint()))
                    .or(() -> capabilities
                                    .getOrDefault(certificate.fingerprint(), Set.of())
                                    .isEmpty()
                            ? Optional.ofNullable(
                                    Capabilities.declaredBy(certificate).oaep())
                            : Optional.empty());
        }

        /** False for a key that asks for a kind of OAEP that is not written. */
        boolean canWrap(MailCertificate certificate) {
            return !PKCSObjectIdentifiers.id_RSAES_OAEP.equals(keyType(certificate))
                    || !Oaep.isNamedByKey(certificate)
                    || Oaep.ofKey(certificate).isPresent();
        }

        private String whyOaep(MailCertificate certificate) {
            return PKCSObjectIdentifiers.id_RSAES_OAEP.equals(keyType(certificate))
                    ? "because the key is for nothing else"
                    : "because it is asked for in "
                            + (oaep.containsKey(certificate.fingerprint()) ? "a signed mail" : "the certificate");
        }

        private ContentRecipient recipient(MailCertificate certificate) {
            return new ContentRecipient(certificate, oaepFor(certificate));
        }

        private String readsInWords(MailCertificate certificate) {
            Set<ContentAlgorithm> all = reads(certificate);
            if (all.isEmpty()) {
                return "what every program reads: nothing else is known";
            }
            return all.stream().sorted().map(ContentAlgorithm::displayName).collect(Collectors.joining(", "))
                    + (capabilities
                                    .getOrDefault(certificate.fingerprint(), Set.of())
                                    .isEmpty()
                            ? ", says the certificate"
                            : ", said a signed mail");
        }

        private static ASN1ObjectIdentifier keyType(MailCertificate certificate) {
            return certificate.holder().getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
        }

        /** What its owner said in a mail; else what the certificate says (RFC 4262), which is older; else nothing. */
        public Set<ContentAlgorithm> reads(MailCertificate certificate) {
            Set<ContentAlgorithm> told = capabilities.getOrDefault(certificate.fingerprint(), Set.of());
            return told.isEmpty() ? Capabilities.declaredBy(certificate).ciphers() : told;
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

    /** What is written to somebody alone who reads these, if nobody asks for another cipher. */
    public static ContentAlgorithm usual(Set<ContentAlgorithm> reads, AlgorithmPolicy policy, Clock clock) {
        CipherChoice.Circumstances alone = new CipherChoice.Circumstances(Map.of("", reads), policy, clock.instant());
        return CipherChoice.of(null, alone, new ArrayList<>()).cipher();
    }

    /** By the algorithms that come with this library. */
    public static EncryptionPlan of(Wish wish, Known known, SignerTrust trust, Clock clock) throws RecipientRefusal {
        return of(wish, known, trust, AlgorithmPolicy.builtIn(), clock);
    }

    /** @throws RecipientRefusal with a reason for each recipient who cannot be encrypted to */
    public static EncryptionPlan of(Wish wish, Known known, SignerTrust trust, AlgorithmPolicy policy, Clock clock)
            throws RecipientRefusal {
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
        RecipientChoice choice = new RecipientChoice(known, trust, clock.instant());
        for (String address : everybody) {
            try {
                chosen.put(address, choice.of(address));
            } catch (RecipientRefusal one) {
                refused.addAll(one.refused());
            }
        }
        CipherChoice cipher = CipherChoice.of(
                wish.cipher(), CipherChoice.Circumstances.of(chosen, known, policy, clock.instant()), refused);
        if (!refused.isEmpty()) {
            throw new RecipientRefusal(refused);
        }
        return planned(cipher, chosen, known);
    }

    private static EncryptionPlan planned(CipherChoice cipher, Map<String, MailCertificate> chosen, Known known) {
        List<String> decisions = new ArrayList<>();
        decisions.add("cipher " + cipher.cipher().displayName() + ": " + cipher.why());
        chosen.forEach((address, certificate) -> {
            decisions.add(address + ": " + certificate.subject() + ", valid until " + certificate.notAfter() + ", "
                    + certificate.fingerprint());
            decisions.add(address + ": key by " + known.recipient(certificate).wrapping()
                    + (known.oaepFor(certificate) == null ? "" : ", " + known.whyOaep(certificate)));
            decisions.add(address + ": reads " + known.readsInWords(certificate));
        });
        return new EncryptionPlan(
                cipher.cipher(),
                chosen.values().stream().distinct().map(known::recipient).toList(),
                decisions);
    }
}
