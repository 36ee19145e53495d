package org.tokend.smime.cms;

import java.security.MessageDigest;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMECapabilitiesAttribute;
import org.bouncycastle.asn1.smime.SMIMECapabilityVector;
import org.bouncycastle.asn1.smime.SMIMEEncryptionKeyPreferenceAttribute;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuerSerial;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.Asn1Time;
import org.tokend.smime.certificate.MailCertificate;

/**
 * The signed attributes of a mail. contentType, messageDigest and CMSAlgorithmProtection (RFC 6211) come from Bouncy
 * Castle; signingTime, SMIMECapabilities and signing-certificate-v2 (RFC 5035) from here.
 */
final class SignedAttributes {

    private SignedAttributes() {}

    static CMSAttributeTableGenerator of(MailCertificate signer, @Nullable MailCertificate encryptTo, Instant time) {
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(new Attribute(CMSAttributes.signingTime, new DERSet(Asn1Time.of(time))));
        attributes.add(new SMIMECapabilitiesAttribute(capabilities()));
        if (encryptTo != null) {
            attributes.add(new SMIMEEncryptionKeyPreferenceAttribute(
                    new IssuerAndSerialNumber(encryptTo.holder().toASN1Structure())));
        }
        attributes.add(new Attribute(
                PKCSObjectIdentifiers.id_aa_signingCertificateV2, new DERSet(signingCertificate(signer))));
        return new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes));
    }

    /**
     * What the sender asks to be written to with. CBC only: the mail program that reads the answer through this token may
     * not know AuthEnvelopedData, and Thunderbird for one does not.
     */
    private static SMIMECapabilityVector capabilities() {
        SMIMECapabilityVector vector = new SMIMECapabilityVector();
        vector.addCapability(NISTObjectIdentifiers.id_aes256_CBC);
        vector.addCapability(NISTObjectIdentifiers.id_aes192_CBC);
        vector.addCapability(NISTObjectIdentifiers.id_aes128_CBC);
        return vector;
    }

    /** SHA-256 is the default hash, so it is not named. */
    private static SigningCertificateV2 signingCertificate(MailCertificate signer) {
        MessageDigest sha256 = Digests.forSmall(SignatureScheme.Hash.SHA256.jcaName());
        IssuerSerial issuer = new IssuerSerial(
                new GeneralNames(new GeneralName(signer.holder().getIssuer())),
                signer.holder().getSerialNumber());
        return new SigningCertificateV2(new ESSCertIDv2(sha256.digest(signer.encoded()), issuer));
    }
}
