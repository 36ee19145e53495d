package org.tokend.smime.certificate;

import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.X509ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * Where a certificate says that more is to be found (RFC 5280 §4.2.1.13 and §4.2.2.1).
 *
 * @param issuers certificates of its issuer
 * @param crls revocation lists that cover it
 * @param ocsp responders that know of it
 */
public record CertificateLinks(List<String> issuers, List<String> crls, List<String> ocsp) {

    public CertificateLinks {
        issuers = List.copyOf(issuers);
        crls = List.copyOf(crls);
        ocsp = List.copyOf(ocsp);
    }

    public static CertificateLinks of(MailCertificate certificate) {
        X509CertificateHolder holder = certificate.holder();
        return new CertificateLinks(
                access(holder, X509ObjectIdentifiers.id_ad_caIssuers),
                crls(holder),
                access(holder, X509ObjectIdentifiers.id_ad_ocsp));
    }

    private static List<String> access(X509CertificateHolder holder, ASN1ObjectIdentifier method) {
        List<String> urls = new ArrayList<>();
        try {
            AuthorityInformationAccess access = AuthorityInformationAccess.fromExtensions(holder.getExtensions());
            if (access != null) {
                for (AccessDescription each : access.getAccessDescriptions()) {
                    if (method.equals(each.getAccessMethod())) {
                        add(each.getAccessLocation(), urls);
                    }
                }
            }
        } catch (IllegalArgumentException malformed) {
            return List.of();
        }
        return urls;
    }

    private static List<String> crls(X509CertificateHolder holder) {
        List<String> urls = new ArrayList<>();
        try {
            Extension extension = holder.getExtension(Extension.cRLDistributionPoints);
            if (extension == null) {
                return urls;
            }
            for (DistributionPoint point :
                    CRLDistPoint.getInstance(extension.getParsedValue()).getDistributionPoints()) {
                DistributionPointName name = point.getDistributionPoint();
                if (name != null && name.getType() == DistributionPointName.FULL_NAME) {
                    for (GeneralName each :
                            GeneralNames.getInstance(name.getName()).getNames()) {
                        add(each, urls);
                    }
                }
            }
        } catch (IllegalArgumentException malformed) {
            return List.of();
        }
        return urls;
    }

    private static void add(GeneralName name, List<String> urls) {
        if (name.getTagNo() == GeneralName.uniformResourceIdentifier) {
            urls.add(name.getName().toString());
        }
    }
}
