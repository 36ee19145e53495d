package org.tokend.smime.chain;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict.Status;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.policy.Rating;

/** Holds one path to RFC 5280 §6.1, by the JDK's validation, and to the policy on algorithms. */
final class PathRules {

    private final AlgorithmPolicy policy;

    PathRules(AlgorithmPolicy policy) {
        this.policy = policy;
    }

    /** @param path leaf first, the anchor last */
    ChainVerdict judge(List<MailCertificate> path, MailCertificate anchor, Instant when) {
        return dates(path, when)
                .or(() -> algorithms(path, when))
                .or(() -> standard(path, anchor, when))
                .orElseGet(() -> new ChainVerdict(
                        Status.TRUSTED,
                        path,
                        null,
                        "the certificate of " + path.get(0).subject() + " leads to the trusted root "
                                + anchor.subject(),
                        "",
                        List.of()));
    }

    private static Optional<ChainVerdict> dates(List<MailCertificate> path, Instant when) {
        for (MailCertificate each : path) {
            if (when.isAfter(each.notAfter())) {
                return verdict(
                        Status.EXPIRED_AT_LEVEL,
                        path,
                        each,
                        who(path, each) + " expired on " + each.notAfter(),
                        path.get(0).equals(each)
                                ? "ask its owner for the certificate that replaces it"
                                : "ask the CA for its re-issued certificate, and keep it with \"tokenctl certs import"
                                        + " FILE\"");
            }
            if (when.isBefore(each.notBefore())) {
                return verdict(
                        Status.NOT_YET_VALID_AT_LEVEL,
                        path,
                        each,
                        who(path, each) + " is not valid before " + each.notBefore(),
                        "is the clock of this machine right?");
            }
        }
        return Optional.empty();
    }

    /** The root's own signature proves nothing, so it may be as weak as it likes; its key may not. */
    private Optional<ChainVerdict> algorithms(List<MailCertificate> path, Instant when) {
        for (int i = 0; i < path.size(); i++) {
            MailCertificate each = path.get(i);
            Rating rating = policy.key(each);
            if (i < path.size() - 1) {
                rating = rating.worse(policy.signature(each.holder().getSignatureAlgorithm(), when));
            }
            if (rating.isRefused()) {
                return verdict(
                        Status.WEAK_ALGORITHM,
                        path,
                        each,
                        who(path, each) + ": " + rating.text(),
                        "ask its CA for a certificate with a stronger key and signature");
            }
        }
        return Optional.empty();
    }

    private static Optional<ChainVerdict> standard(List<MailCertificate> path, MailCertificate anchor, Instant when) {
        // A root that was asked about itself: it is trusted, there is no more to it.
        if (path.size() == 1) {
            return Optional.empty();
        }
        try {
            validate(path, anchor, when);
            return Optional.empty();
        } catch (CertPathValidatorException refused) {
            MailCertificate about = path.get(Math.max(0, refused.getIndex()));
            return verdict(
                    status(refused),
                    path,
                    about,
                    who(path, about) + " breaks a rule of RFC 5280: " + refused.getMessage(),
                    "tell its CA; a certificate like this cannot be relied on");
        } catch (GeneralSecurityException broken) {
            return verdict(
                    Status.INVALID,
                    path,
                    path.get(0),
                    "the path of " + path.get(0).subject() + " cannot be checked: " + broken.getMessage(),
                    "ask its owner for another certificate");
        }
    }

    private static void validate(List<MailCertificate> path, MailCertificate anchor, Instant when)
            throws GeneralSecurityException {
        boolean java = path.stream().allMatch(MailCertificate::isKnownToJava);
        Provider bouncyCastle = java ? null : new BouncyCastleProvider();
        CertificateFactory factory = bouncyCastle == null
                ? CertificateFactory.getInstance("X.509")
                : CertificateFactory.getInstance("X.509", bouncyCastle);
        List<X509Certificate> certificates = new ArrayList<>();
        for (MailCertificate each : path) {
            certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(each.encoded())));
        }
        CertPath links = factory.generateCertPath(certificates.subList(0, certificates.size() - 1));
        TrustAnchor root = new TrustAnchor(certificates.get(certificates.size() - 1), null);
        PKIXParameters parameters = new PKIXParameters(Set.of(root));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(when));
        CertPathValidator validator = bouncyCastle == null
                ? CertPathValidator.getInstance("PKIX")
                : CertPathValidator.getInstance("PKIX", bouncyCastle);
        validator.validate(links, parameters);
    }

    private static Status status(CertPathValidatorException refused) {
        CertPathValidatorException.Reason reason = refused.getReason();
        if (reason == BasicReason.INVALID_SIGNATURE) {
            return Status.BAD_SIGNATURE;
        } else if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
            return Status.WEAK_ALGORITHM;
        } else if (reason == PKIXReason.PATH_TOO_LONG) {
            return Status.PATH_TOO_LONG;
        } else if (reason == PKIXReason.NOT_CA_CERT || reason == PKIXReason.INVALID_KEY_USAGE) {
            return Status.NOT_A_CA;
        } else if (reason == PKIXReason.INVALID_NAME) {
            return Status.NAME_NOT_ALLOWED;
        }
        return Status.INVALID;
    }

    private static String who(List<MailCertificate> path, MailCertificate each) {
        int level = path.indexOf(each);
        String role = level == 0 ? "the certificate of " : level == path.size() - 1 ? "the root " : "the CA ";
        return role + each.subject() + " (serial " + each.serial() + ")";
    }

    private static Optional<ChainVerdict> verdict(
            Status status, List<MailCertificate> path, MailCertificate about, String text, String next) {
        return Optional.of(new ChainVerdict(status, path, about, text, next, List.of()));
    }
}
