package org.tokend.smime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.Capabilities;

/**
 * A certificate that was kept, and what its owner said about reading mail.
 *
 * @param reads {@link Capabilities#NONE} where the owner said nothing
 * @param said when the owner said so: the signing time of the mail, but never later than it was heard; null if unknown
 * @param kept when it came into the store; null for a file that somebody put there
 */
public record KeptRecipient(
        MailCertificate certificate,
        Capabilities reads,
        Origin origin,
        @Nullable Instant said,
        @Nullable Instant kept) {

    /** How the certificate came here. */
    public enum Origin {
        SIGNED_MAIL("a signed mail"),
        FILE("a file"),
        CA("a signed mail, as a CA above a certificate");

        private final String words;

        Origin(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** Nobody said anything: it was handed over as a file, or is a CA's. */
    static KeptRecipient silent(MailCertificate certificate, Origin origin, Instant kept) {
        return new KeptRecipient(certificate, Capabilities.NONE, origin, null, kept);
    }

    public boolean saysSomething() {
        return !reads.equals(Capabilities.NONE);
    }

    /**
     * The newest word counts (RFC 8551 §2.7.1), in whatever order mails are read; a mail or file that says nothing takes
     * nothing back.
     */
    boolean replaces(KeptRecipient older) {
        if (!saysSomething()) {
            return !older.saysSomething() && origin == Origin.SIGNED_MAIL && older.origin() != Origin.SIGNED_MAIL;
        }
        Instant before = older.saysSomething() ? older.said() : null;
        return before == null || (said != null && !said.isBefore(before));
    }
}
