package org.tokend.smime;

import java.util.List;
import java.util.Optional;
import org.tokend.smime.MessageVerifier.Signer;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.mime.SenderField;

/**
 * What was taken from one signed mail to encrypt to later, or why nothing was.
 *
 * @param why one sentence, with what to do next
 * @param kept empty unless the outcome is {@link Outcome#KEPT}
 */
public record Harvest(Outcome outcome, String why, List<MailCertificate> kept) {

    /** Why nothing is taken, the worst first; only who is proven to be the sender may say where answers go. */
    public enum Outcome {
        /** The signature does not fit: altered or forged. */
        BAD_SIGNATURE,
        /** No signature can be checked: no certificate, or an algorithm that is not known or proves nothing. */
        NOT_CHECKED,
        /** Nobody here trusts the certificate, or it was revoked. */
        NOT_TRUSTED,
        /** The mail says that it is from somebody else. */
        FROM_DIFFERS,
        /** Neither the signer's certificate nor another one of the mail is made for encryption. */
        NO_ENCRYPTION_CERTIFICATE,
        KEPT
    }

    public Harvest {
        kept = List.copyOf(kept);
    }

    static Harvest kept(List<MailCertificate> kept) {
        return kept.isEmpty()
                ? nothing(
                        Outcome.NO_ENCRYPTION_CERTIFICATE,
                        "the mail carries no certificate of its sender that can be encrypted to; ask for that one, and"
                                + " keep it with \"tokenctl recipients add\"")
                : new Harvest(Outcome.KEPT, "signed by the sender, whose certificate is trusted", kept);
    }

    /** Why this mail gives nothing; empty if every good signature in it is by the sender. */
    static Optional<Harvest> refusal(VerifiedMail mail) {
        if (mail.isProven()) {
            return Optional.empty();
        }
        for (Signer each : mail.signers()) {
            if (each.signature().status().isBad()) {
                return Optional.of(nothing(
                        Outcome.BAD_SIGNATURE,
                        "the signature does not fit: " + each.signature().detail() + "; ask for the mail again"));
            }
        }
        return Optional.of(mail.signers().stream()
                .filter(each -> each.signature().status().isGood() && !each.isProven())
                .findFirst()
                .map(each -> unproven(mail, each))
                .orElseGet(() -> nothing(Outcome.NOT_CHECKED, unchecked(mail))));
    }

    private static String unchecked(VerifiedMail mail) {
        return "no signature could be checked: "
                + mail.signers().stream()
                        .findFirst()
                        .map(each -> each.signature().detail())
                        .orElse("there is none");
    }

    private static Harvest unproven(VerifiedMail mail, Signer signer) {
        TrustVerdict trust = signer.trust();
        if (trust == null || !trust.isTrusted()) {
            return nothing(
                    Outcome.NOT_TRUSTED,
                    trust == null
                            ? "the signer's certificate is not there"
                            : trust.reason() + (trust.next().isEmpty() ? "" : "; " + trust.next()));
        }
        return nothing(Outcome.FROM_DIFFERS, difference(mail, signer) + "; ask the sender by another way");
    }

    private static String difference(VerifiedMail mail, Signer signer) {
        String from = String.join(", ", mail.sender().addresses());
        String certified = signer.signature()
                .signer()
                .map(each -> String.join(", ", each.addresses()))
                .orElse("");
        return switch (signer.address()) {
            case AMBIGUOUS ->
                "it is not clear whom the mail is from: " + mail.sender().problem();
            case CERTIFICATE_HAS_NONE -> "the certificate names no address, so it may be anybody's";
            case OUTER_DIFFERS ->
                "the signer, who is " + certified + ", wrote another From than "
                        + String.join(", ", SenderField.of(mail.headers()).addresses()) + ", which stands outside";
            case DIFFERS, MATCHES, MAIL_HAS_NONE ->
                "the mail is from " + from + ", and its signer's certificate is for " + certified;
        };
    }

    private static Harvest nothing(Outcome outcome, String why) {
        return new Harvest(outcome, why, List.of());
    }
}
