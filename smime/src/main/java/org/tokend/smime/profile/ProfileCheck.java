package org.tokend.smime.profile;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.Reputation;
import org.tokend.smime.profile.ProfileException.Reason;

/** Whether what a profile names can be used now: asked when it is made, and each time it is used. */
public final class ProfileCheck {

    private final List<KeyDescription> present;
    private final Clock clock;
    private final Reputation reputation;

    /** @param present on the tokens that are here */
    public ProfileCheck(List<KeyDescription> present, Clock clock, Reputation reputation) {
        this.present = List.copyOf(present);
        this.clock = clock;
        this.reputation = reputation;
    }

    public void require(Profile profile) throws ProfileException {
        signer(profile);
        named(profile, profile.encrypt(), KeyPurpose.ENCRYPT);
    }

    /** What to sign with; empty where the profile leaves it open. */
    public Optional<CertifiedKey> signer(Profile profile) throws ProfileException {
        return named(profile, profile.sign(), KeyPurpose.SIGN);
    }

    private Optional<CertifiedKey> named(Profile profile, @Nullable String fingerprint, KeyPurpose purpose)
            throws ProfileException {
        if (fingerprint == null) {
            return Optional.empty();
        }
        CertifiedKey found = CertifiedKey.stream(present)
                .filter(each -> each.certificate().fingerprint().equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new ProfileException(
                        Reason.PROFILE_KEY_MISSING,
                        "the profile " + profile.name() + " wants the certificate " + fingerprint
                                + ", which is with its key on no token that is here; put the token in, or see"
                                + " \"tokenctl certs list\""));
        Optional<String> wrong = problem(found.certificate(), purpose);
        if (wrong.isPresent()) {
            throw new ProfileException(
                    Reason.PROFILE_CERT_INVALID,
                    "the profile " + profile.name() + " cannot use "
                            + found.certificate().describe() + ": " + wrong.get()
                            + "; choose another with \"tokenctl profile set\"");
        }
        return Optional.of(found);
    }

    /** What the profile wants to be encrypted to; empty where it leaves it open. */
    public Optional<MailCertificate> encryptTo(Profile profile) throws ProfileException {
        return named(profile, profile.encrypt(), KeyPurpose.ENCRYPT).map(CertifiedKey::certificate);
    }

    private Optional<String> problem(MailCertificate certificate, KeyPurpose purpose) {
        Instant now = clock.instant();
        if (now.isAfter(certificate.notAfter())) {
            return Optional.of("it expired on " + certificate.notAfter());
        }
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of("it is not valid before " + certificate.notBefore());
        }
        return CertificateClass.of(certificate)
                .refusal(purpose)
                .or(() -> reputation.refusal(certificate, IssuerCertificates.of(present)));
    }
}
