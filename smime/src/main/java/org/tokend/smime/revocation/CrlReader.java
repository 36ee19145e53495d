package org.tokend.smime.revocation;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.RuntimeOperatorException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.util.encoders.Base64;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;
import org.tokend.smime.revocation.RevocationState.Unknown;

/** What one CRL says of one certificate (RFC 5280 §6.3.3), version 1 or 2. */
final class CrlReader {

    private static final int REMOVE_FROM_CRL = 8;

    private final AlgorithmPolicy policy;

    CrlReader(AlgorithmPolicy policy) {
        this.policy = policy;
    }

    /** @param url where the list is from: it must be what the list itself says, where it says so */
    RevocationState read(byte[] document, Subject subject, String url) {
        X509CRLHolder crl;
        try {
            crl = new X509CRLHolder(der(document));
        } catch (IOException | RuntimeException notCrl) {
            return new Unknown(Cause.BAD_ENCODING, "what " + url + " holds is no CRL");
        }
        RevocationState problem = problem(crl, subject, url);
        return problem != null ? problem : entry(crl, subject, url);
    }

    /** Some CAs publish PEM where RFC 5280 §4.2.1.13 wants DER. */
    private static byte[] der(byte[] document) {
        String text =
                new String(document, 0, Math.min(document.length, 64), java.nio.charset.StandardCharsets.US_ASCII);
        if (!text.startsWith("-----BEGIN X509 CRL-----")) {
            return document;
        }
        String whole = new String(document, java.nio.charset.StandardCharsets.US_ASCII);
        return Base64.decode(whole.replaceAll("-----[A-Z0-9 ]+-----", "").strip());
    }

    private @org.jspecify.annotations.Nullable RevocationState problem(X509CRLHolder crl, Subject subject, String url) {
        if (!crl.getIssuer().equals(subject.issuer().holder().getSubject())) {
            return new Unknown(Cause.WRONG_ISSUER, "the CRL from " + url + " is by " + crl.getIssuer());
        }
        if (!isSignedBy(crl, subject)) {
            return new Unknown(
                    Cause.BAD_SIGNATURE,
                    "the CRL from " + url + " is not signed by "
                            + subject.issuer().subject());
        }
        Instant begin = crl.getThisUpdate().toInstant();
        Date next = crl.getNextUpdate();
        if (subject.when().isBefore(begin)) {
            return new Unknown(Cause.NOT_YET_VALID, "the CRL from " + url + " is not valid before " + begin);
        }
        if (next != null && !subject.when().isBefore(next.toInstant())) {
            return new Unknown(Cause.STALE, "the CRL from " + url + " ended on " + next.toInstant());
        }
        return scopeProblem(crl, subject, url);
    }

    private boolean isSignedBy(X509CRLHolder crl, Subject subject) {
        MailCertificate issuer = subject.issuer();
        KeyUsage usage = KeyUsage.fromExtensions(issuer.holder().getExtensions());
        if (usage != null && !usage.hasUsages(KeyUsage.cRLSign)) {
            return false;
        }
        if (policy.signature(crl.toASN1Structure().getSignatureAlgorithm(), subject.when())
                .isRefused()) {
            return false;
        }
        try {
            return crl.isSignatureValid(new JcaContentVerifierProviderBuilder().build(issuer.holder()));
        } catch (OperatorCreationException
                | CertificateException
                | CertException
                | RuntimeOperatorException unverifiable) {
            return false;
        }
    }

    /** RFC 5280 §5.2.5: a list of CAs says nothing of people. A delta says nothing by itself. */
    private static @org.jspecify.annotations.Nullable RevocationState scopeProblem(
            X509CRLHolder crl, Subject subject, String url) {
        for (Object each : crl.getCriticalExtensionOIDs()) {
            ASN1ObjectIdentifier oid = (ASN1ObjectIdentifier) each;
            if (!Extension.issuingDistributionPoint.equals(oid)) {
                return new Unknown(Cause.OUT_OF_SCOPE, "the CRL from " + url + " has the unknown extension " + oid);
            }
        }
        Extension extension = crl.getExtension(Extension.issuingDistributionPoint);
        if (extension == null) {
            return null;
        }
        IssuingDistributionPoint point = IssuingDistributionPoint.getInstance(extension.getParsedValue());
        boolean authority = subject.certificate().isAuthority();
        boolean covers = !point.isIndirectCRL()
                && !point.onlyContainsAttributeCerts()
                && point.getOnlySomeReasons() == null
                && !(point.onlyContainsUserCerts() && authority)
                && !(point.onlyContainsCACerts() && !authority)
                && names(point.getDistributionPoint(), url);
        return covers
                ? null
                : new Unknown(Cause.OUT_OF_SCOPE, "the CRL from " + url + " is for other certificates than this one");
    }

    private static boolean names(@org.jspecify.annotations.Nullable DistributionPointName name, String url) {
        if (name == null || name.getType() != DistributionPointName.FULL_NAME || !url.contains("://")) {
            return true;
        }
        List<GeneralName> all =
                Arrays.asList(GeneralNames.getInstance(name.getName()).getNames());
        return all.stream().noneMatch(each -> each.getTagNo() == GeneralName.uniformResourceIdentifier)
                || all.stream().anyMatch(each -> each.getName().toString().equals(url));
    }

    private static RevocationState entry(X509CRLHolder crl, Subject subject, String url) {
        Date next = crl.getNextUpdate();
        X509CRLEntryHolder entry =
                crl.getRevokedCertificate(subject.certificate().holder().getSerialNumber());
        if (entry == null) {
            return new Good(url, next == null ? null : next.toInstant());
        }
        int reason = reason(entry);
        return reason == REMOVE_FROM_CRL
                ? new Good(url, next == null ? null : next.toInstant())
                : new Revoked(entry.getRevocationDate().toInstant(), reasonName(reason), url);
    }

    private static int reason(X509CRLEntryHolder entry) {
        Extension reason = entry.getExtension(Extension.reasonCode);
        return reason == null
                ? CRLReason.unspecified
                : ASN1Enumerated.getInstance(reason.getParsedValue()).intValueExact();
    }

    /** As RFC 5280 §5.3.1 spells them. */
    static String reasonName(int code) {
        String[] words =
                CRLReason.lookup(code).toString().replace("CRLReason: ", "").split("(?=[A-Z])", -1);
        return words.length == 0 ? "unspecified" : words[0].toLowerCase(Locale.ROOT) + rest(words);
    }

    private static String rest(String[] words) {
        return String.join("", Arrays.copyOfRange(words, 1, words.length));
    }
}
