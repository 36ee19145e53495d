package org.tokend.smime.certificate;

import static org.tokend.smime.certificate.CertificateChoiceException.Reason.ALL_REFUSED;
import static org.tokend.smime.certificate.CertificateChoiceException.Reason.AMBIGUOUS;
import static org.tokend.smime.certificate.CertificateChoiceException.Reason.NONE_FOUND;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.KeyDescription;

/** Chooses the key and certificate to sign with. The order in which tokens list their objects never decides. */
public final class SigningCertificates {

    private final List<KeyDescription> keys;
    private final List<MailCertificate> around;
    private final Clock clock;
    private final Reputation reputation;

    public SigningCertificates(List<KeyDescription> keys, Clock clock, Reputation reputation) {
        this.keys = List.copyOf(keys);
        this.around = IssuerCertificates.of(keys);
        this.clock = clock;
        this.reputation = reputation;
    }

    public CertifiedKey choose(SigningWish wish) throws CertificateChoiceException {
        List<CertifiedKey> usable =
                usable(wanted(wish).filter(each -> wish.mailFrom().stream().anyMatch(each.certificate()::hasAddress)));
        if (usable.isEmpty()) {
            usable = usable(wanted(wish));
        }
        if (usable.isEmpty()) {
            throw nothingUsable(wish, wanted(wish).toList());
        }
        List<CertifiedKey> best = newestOfEachKey(trustedFirst(usable));
        if (best.size() > 1) {
            throw new CertificateChoiceException(
                    AMBIGUOUS,
                    best.size() + " certificates could sign this mail; name one with --key",
                    best.stream().map(CertifiedKey::describe).toList());
        }
        return best.get(0);
    }

    private List<CertifiedKey> usable(Stream<CertifiedKey> wanted) {
        return wanted.filter(each -> refusal(each).isEmpty()).toList();
    }

    /** Asked only where there is a choice: it takes reading all roots. */
    private List<CertifiedKey> trustedFirst(List<CertifiedKey> usable) {
        if (usable.size() < 2) {
            return usable;
        }
        List<CertifiedKey> trusted = usable.stream()
                .filter(each -> reputation.isTrusted(each.certificate(), around))
                .toList();
        return trusted.isEmpty() ? usable : trusted;
    }

    private Stream<CertifiedKey> wanted(SigningWish wish) {
        String key = wish.key();
        String from = wish.from();
        List<KeyDescription> named =
                keys.stream().filter(each -> key == null || named(each, key)).toList();
        return CertifiedKey.stream(named)
                .filter(each -> from == null || each.certificate().hasAddress(from));
    }

    private static boolean named(KeyDescription key, String name) {
        return name.startsWith("pkcs11:")
                ? KeyUri.matches(name, key.uri())
                : key.fingerprint().equalsIgnoreCase(name);
    }

    /** A renewed certificate of the same key replaces its elder. */
    private static List<CertifiedKey> newestOfEachKey(List<CertifiedKey> usable) {
        Map<String, CertifiedKey> byKey = new LinkedHashMap<>();
        Comparator<CertifiedKey> age = Comparator.comparing(CertifiedKey::certificate, MailCertificate.BY_AGE);
        for (CertifiedKey each : usable) {
            byKey.merge(each.key().fingerprint(), each, (one, other) -> age.compare(one, other) >= 0 ? one : other);
        }
        return List.copyOf(byKey.values());
    }

    private CertificateChoiceException nothingUsable(SigningWish wish, List<CertifiedKey> wanted) {
        String which = (wish.key() == null ? "" : " for the key " + wish.key())
                + (wish.from() == null ? "" : " with the address " + wish.from());
        if (wanted.isEmpty()) {
            String next = CertifiedKey.stream(keys).findAny().isEmpty()
                    ? "no token holds a certificate with its key; see \"tokenctl keys\" and \"tokenctl doctor\""
                    : "the tokens hold other certificates; see \"tokenctl keys\"";
            return new CertificateChoiceException(
                    NONE_FOUND, "there is no signing certificate" + which + ": " + next, withoutCertificate());
        }
        List<String> reasons = wanted.stream()
                .map(each -> each.describe() + ": " + refusal(each).orElse(""))
                .toList();
        return new CertificateChoiceException(
                ALL_REFUSED,
                reasons.size() == 1
                        ? "the certificate cannot sign this mail: " + reasons.get(0)
                        : "none of the " + reasons.size() + " certificates" + which + " can sign this mail",
                reasons.size() == 1 ? List.of() : reasons);
    }

    private List<String> withoutCertificate() {
        return keys.stream()
                .filter(key -> key.certificates().isEmpty())
                .map(key -> key.uri() + ": the token holds no certificate for this key")
                .toList();
    }

    /** Why the certificate cannot sign a mail now, or empty. */
    private Optional<String> refusal(CertifiedKey each) {
        MailCertificate certificate = each.certificate();
        Instant now = clock.instant();
        String problem = each.key().problem();
        if (problem != null) {
            return Optional.of(problem);
        }
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of("it is not valid before " + certificate.notBefore() + "; is the clock right?");
        }
        if (now.isAfter(certificate.notAfter())) {
            return Optional.of("it expired on " + certificate.notAfter() + "; ask your CA for a new one");
        }
        Optional<String> wrongUse = CertificateClass.of(certificate).refusal(KeyPurpose.SIGN);
        if (wrongUse.isPresent()) {
            return wrongUse;
        }
        boolean signs = each.key().algorithms().stream()
                .anyMatch(algorithm -> algorithm.operation() == Algorithm.Operation.SIGN);
        return signs ? reputation.refusal(certificate, around) : Optional.of("its key may not sign, says the token");
    }
}
