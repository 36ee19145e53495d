package org.tokend.smime.certificate;

import java.util.Collection;
import java.util.Optional;

/** What others say about a certificate that is itself in order. */
public interface Reputation {

    /** For those who know nobody to ask. */
    Reputation NONE = new Reputation() {
        @Override
        public Optional<String> refusal(MailCertificate certificate, Collection<MailCertificate> around) {
            return Optional.empty();
        }

        @Override
        public boolean isTrusted(MailCertificate certificate, Collection<MailCertificate> around) {
            return false;
        }
    };

    /**
     * Why nobody would accept a signature by it, or empty: it was revoked.
     *
     * @param around links of its path
     */
    Optional<String> refusal(MailCertificate certificate, Collection<MailCertificate> around);

    /** Whether there is a path to a root that is trusted here. Readers may trust others, so this ranks and does not refuse. */
    boolean isTrusted(MailCertificate certificate, Collection<MailCertificate> around);
}
