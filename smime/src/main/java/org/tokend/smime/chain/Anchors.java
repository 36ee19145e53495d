package org.tokend.smime.chain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.tokend.smime.certificate.MailCertificate;

/** Roots by name. A root is its name and its key: a re-issued certificate of the same key is the same root. */
public final class Anchors {

    private final Map<X500Name, List<MailCertificate>> bySubject = new LinkedHashMap<>();

    public Anchors(Collection<MailCertificate> roots) {
        for (MailCertificate each : roots) {
            bySubject
                    .computeIfAbsent(each.holder().getSubject(), ignored -> new ArrayList<>())
                    .add(each);
        }
    }

    /** Those of this name, trusted each for itself. */
    public List<MailCertificate> named(X500Name subject) {
        return List.copyOf(bySubject.getOrDefault(subject, List.of()));
    }

    public boolean contains(MailCertificate certificate) {
        return named(certificate.holder().getSubject()).stream().anyMatch(certificate::hasSameKeyAs);
    }

    /** A root of this name is trusted, but with another key. */
    public boolean hasOtherKeyFor(MailCertificate certificate) {
        return !contains(certificate)
                && !named(certificate.holder().getSubject()).isEmpty();
    }
}
