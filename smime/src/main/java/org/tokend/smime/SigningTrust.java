package org.tokend.smime;

import java.util.Collection;
import java.util.Optional;
import org.tokend.smime.MailTrust.Decision;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.Reputation;
import org.tokend.smime.revocation.LevelRevocation;
import org.tokend.smime.revocation.RevocationVerdict;

/** What a decision about trust means for a person's own certificates. */
public record SigningTrust(MailTrust trust) implements Reputation {

    /** Not known is not revoked: a signer who must wait for a list cannot work, and readers ask for themselves. */
    @Override
    public Optional<String> refusal(MailCertificate certificate, Collection<MailCertificate> around) {
        RevocationVerdict revocation = trust.decide(certificate, around).revocation();
        if (revocation == null || !revocation.isRevoked()) {
            return Optional.empty();
        }
        return revocation.decisive().map(SigningTrust::text);
    }

    private static String text(LevelRevocation level) {
        return (level.level() == 0
                        ? "it"
                        : "the certificate of " + level.certificate().subject() + " above it") + " is "
                + level.state().text() + "; ask your CA for a new one";
    }

    @Override
    public boolean isTrusted(MailCertificate certificate, Collection<MailCertificate> around) {
        Decision decision = trust.decide(certificate, around);
        return decision.chain().isTrusted();
    }
}
