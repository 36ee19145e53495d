package org.tokend.smime;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.tokend.smime.RecipientRefusal.Reason;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;

/** The certificate of one address; the order in which certificates are known never decides. */
record RecipientChoice(EncryptionPlan.Known known, SignerTrust trust, Instant now) {

    MailCertificate of(String address) throws RecipientRefusal {
        List<MailCertificate> candidates = known.certificates().stream()
                .filter(each -> each.hasAddress(address))
                .distinct()
                .toList();
        RecipientRefusal.Refused worst = new RecipientRefusal.Refused(
                address,
                Reason.MISSING,
                "no certificate is known; ask for a signed mail and keep it with"
                        + " \"tokenctl recipients harvest\", or give one with --recipient-cert");
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
        if (!known.canWrap(each)) {
            return refused(
                    address,
                    Reason.CAPABILITY_CONFLICT,
                    "the key asks for RSA-OAEP with parameters that are not written here; ask for another certificate");
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
