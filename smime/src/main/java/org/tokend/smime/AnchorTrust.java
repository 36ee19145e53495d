package org.tokend.smime;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokend.smime.TrustVerdict.Chain;
import org.tokend.smime.TrustVerdict.Revocation;
import org.tokend.smime.certificate.CertificateChain;
import org.tokend.smime.certificate.MailCertificate;

/** Trust in a list of roots, and the JDK's path building (RFC 5280 §6). Asks nobody about revocation. */
public final class AnchorTrust implements SignerTrust {

    private final List<MailCertificate> anchors;
    private final Clock clock;

    public AnchorTrust(Collection<MailCertificate> anchors, Clock clock) {
        this.anchors = List.copyOf(anchors);
        this.clock = clock;
    }

    @Override
    public TrustVerdict judge(MailCertificate signer, List<MailCertificate> sent) {
        Instant now = clock.instant();
        if (now.isAfter(signer.notAfter()) || now.isBefore(signer.notBefore())) {
            return verdict(
                    Chain.EXPIRED,
                    "the certificate of " + signer.subject() + " is valid from " + signer.notBefore() + " to "
                            + signer.notAfter() + ", and not now",
                    "ask the sender to sign with a valid certificate",
                    List.of(signer));
        }
        if (!signer.mayProveMail()) {
            return verdict(
                    Chain.INVALID,
                    "the certificate of " + signer.subject() + " is not made for signed mail",
                    "ask the sender for another certificate",
                    List.of(signer));
        }
        try {
            return verdict(
                    Chain.TRUSTED,
                    "the certificate of " + signer.subject() + " leads to a trusted root",
                    "",
                    path(signer, sent, now));
        } catch (CertPathBuilderException none) {
            return unproven(signer, sent);
        } catch (GeneralSecurityException broken) {
            return verdict(
                    Chain.INVALID,
                    "the certificate of " + signer.subject() + " cannot be checked: " + broken.getMessage(),
                    "ask the sender for another certificate",
                    List.of(signer));
        }
    }

    private List<MailCertificate> path(MailCertificate signer, List<MailCertificate> sent, Instant now)
            throws GeneralSecurityException {
        Set<TrustAnchor> roots = new HashSet<>();
        for (MailCertificate each : anchors) {
            roots.add(new TrustAnchor(x509(each), null));
        }
        if (roots.isEmpty()) {
            throw new CertPathBuilderException("no root is trusted");
        }
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(x509(signer));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(roots, target);
        List<X509Certificate> links = new ArrayList<>();
        for (MailCertificate each : sent) {
            links.add(x509(each));
        }
        links.add(x509(signer));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(links)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        PKIXCertPathBuilderResult built =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        List<MailCertificate> path = new ArrayList<>();
        for (Certificate each : built.getCertPath().getCertificates()) {
            MailCertificate.of(each.getEncoded()).ifPresent(path::add);
        }
        MailCertificate.of(built.getTrustAnchor().getTrustedCert().getEncoded()).ifPresent(path::add);
        return path;
    }

    private static X509Certificate x509(MailCertificate certificate) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.encoded()));
    }

    /** Names what is missing: the root that is not trusted, or the CA whose certificate is not there. */
    private static TrustVerdict unproven(MailCertificate signer, List<MailCertificate> sent) {
        List<MailCertificate> chain = CertificateChain.of(signer, sent);
        MailCertificate last = chain.get(chain.size() - 1);
        Optional<MailCertificate> root = last.isSelfIssued()
                ? Optional.of(last)
                : sent.stream().filter(last::isIssuedBy).findFirst();
        if (root.isPresent()) {
            return verdict(
                    Chain.UNTRUSTED_ROOT,
                    "nobody here trusts the root " + root.get().subject() + " ("
                            + root.get().fingerprint() + ")",
                    "if you know that root, trust it with its fingerprint",
                    chain);
        }
        return verdict(
                Chain.GAP,
                "the path ends at " + last.subject() + ": the certificate of its issuer "
                        + last.holder().getIssuer() + " is neither in the message nor trusted",
                "trust that issuer's root if you know it, or ask the sender to send the chain along",
                chain);
    }

    private static TrustVerdict verdict(Chain state, String reason, String next, List<MailCertificate> chain) {
        return new TrustVerdict(state, Revocation.UNKNOWN, reason, next, chain);
    }
}
