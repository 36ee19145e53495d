package org.tokend.smime.cms;

import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.RecipientIdentifier;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.tokend.smime.certificate.MailCertificate;

/** The two ways in which CMS names a certificate (RFC 5652 §5.3, §6.2.1, §6.2.2). */
sealed interface CertificateName {

    boolean names(MailCertificate certificate);

    static CertificateName of(RecipientIdentifier identifier) {
        return of(identifier.getId());
    }

    static CertificateName of(SignerIdentifier identifier) {
        return of(identifier.getId());
    }

    private static CertificateName of(ASN1Encodable id) {
        return id instanceof ASN1OctetString octets
                ? new ByKeyIdentifier(octets.getOctets())
                : new ByIssuer(IssuerAndSerialNumber.getInstance(id));
    }

    static CertificateName of(KeyAgreeRecipientIdentifier identifier) {
        return identifier.getRKeyID() != null
                ? new ByKeyIdentifier(
                        identifier.getRKeyID().getSubjectKeyIdentifier().getOctets())
                : new ByIssuer(identifier.getIssuerAndSerialNumber());
    }

    /** By who issued it, under which number. */
    record ByIssuer(IssuerAndSerialNumber issuer) implements CertificateName {

        @Override
        public boolean names(MailCertificate certificate) {
            return certificate
                            .holder()
                            .getSerialNumber()
                            .equals(issuer.getSerialNumber().getValue())
                    && certificate.holder().getIssuer().equals(issuer.getName());
        }

        @Override
        public String toString() {
            String number = issuer.getSerialNumber().getValue().toString(16);
            try {
                return "certificate " + number + " of " + issuer.getName();
            } catch (IllegalArgumentException notText) {
                return "certificate " + number + " of an issuer whose name is no text";
            }
        }
    }

    /** By its key. */
    record ByKeyIdentifier(byte[] identifier) implements CertificateName {

        @Override
        public boolean names(MailCertificate certificate) {
            return certificate.hasKeyIdentifier(identifier);
        }

        @Override
        public String toString() {
            return "key identifier " + HexFormat.of().formatHex(identifier);
        }
    }
}
