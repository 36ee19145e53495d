package org.tokend.smime.cms;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAlgorithmProtection;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.ess.ESSCertID;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificate;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMEAttributes;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.Asn1Time;
import org.tokend.smime.certificate.MailCertificate;

/** The attributes that a signature covers (RFC 5652 §5.3, §11), read with mistrust: each may stand there once, with one value. */
record SignerAttributes(ASN1Set encoded, AttributeTable table) {

    static SignerAttributes of(ASN1Set encoded) {
        return new SignerAttributes(encoded, new AttributeTable(encoded));
    }

    /** What is signed (RFC 5652 §5.4): a SET OF in DER, not the implicit tag that stands in the message. */
    byte[] signedBytes() throws IOException {
        return encoded.getEncoded(ASN1Encoding.DER);
    }

    private @Nullable ASN1Encodable single(ASN1ObjectIdentifier type) throws IOException {
        ASN1EncodableVector all = table.getAll(type);
        if (all.size() == 0) {
            return null;
        }
        ASN1Set values = Attribute.getInstance(all.get(0)).getAttrValues();
        if (all.size() > 1 || values.size() != 1) {
            throw new IOException("an attribute that may stand once stands there more than once");
        }
        return values.getObjectAt(0);
    }

    boolean isForType(ASN1ObjectIdentifier contentType) throws IOException {
        ASN1Encodable value = single(CMSAttributes.contentType);
        return value != null && contentType.equals(ASN1ObjectIdentifier.getInstance(value));
    }

    boolean isForDigest(byte[] digest) throws IOException {
        ASN1Encodable value = single(CMSAttributes.messageDigest);
        return value != null && Arrays.equals(ASN1OctetString.getInstance(value).getOctets(), digest);
    }

    /** RFC 6211: where it stands, it must name the algorithms that the message names. */
    boolean protectsAlgorithms(SignerInfo info) throws IOException {
        ASN1Encodable value = single(CMSAttributes.cmsAlgorithmProtect);
        if (value == null) {
            return true;
        }
        CMSAlgorithmProtection protection = CMSAlgorithmProtection.getInstance(value);
        return protection
                        .getDigestAlgorithm()
                        .getAlgorithm()
                        .equals(info.getDigestAlgorithm().getAlgorithm())
                && protection.getSignatureAlgorithm() != null
                && protection
                        .getSignatureAlgorithm()
                        .getAlgorithm()
                        .equals(info.getDigestEncryptionAlgorithm().getAlgorithm());
    }

    /** RFC 5035 §3, §4: where one of the attributes stands, its first entry is the signer's certificate. */
    boolean allows(MailCertificate certificate) throws IOException {
        ASN1Encodable second = single(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        if (second != null) {
            ESSCertIDv2[] named = SigningCertificateV2.getInstance(second).getCerts();
            Optional<ContentDigest> digest = named.length == 0
                    ? Optional.empty()
                    : ContentDigest.of(named[0].getHashAlgorithm().getAlgorithm());
            if (digest.isEmpty() || !matches(named[0].getCertHash(), digest.get(), certificate)) {
                return false;
            }
        }
        ASN1Encodable first = single(PKCSObjectIdentifiers.id_aa_signingCertificate);
        if (first != null) {
            ESSCertID[] named = SigningCertificate.getInstance(first).getCerts();
            return named.length > 0 && matches(named[0].getCertHash(), ContentDigest.SHA1, certificate);
        }
        return true;
    }

    private static boolean matches(byte[] hash, ContentDigest digest, MailCertificate certificate) {
        return Arrays.equals(hash, digest.start().digest(certificate.encoded()));
    }

    @Nullable
    Instant signingTime() throws IOException {
        ASN1Encodable value = single(CMSAttributes.signingTime);
        return value == null ? null : Asn1Time.instant(Time.getInstance(value));
    }

    Capabilities capabilities() {
        try {
            return Capabilities.of(single(SMIMEAttributes.smimeCapabilities));
        } catch (IOException | RuntimeException twice) {
            return Capabilities.NONE;
        }
    }

    /** RFC 8551 §2.5.3: the certificate that the signer asks to encrypt to, by name. */
    Optional<CertificateName> encryptionKeyPreference() {
        try {
            ASN1Encodable value = single(SMIMEAttributes.encrypKeyPref);
            if (value == null) {
                return Optional.empty();
            }
            ASN1TaggedObject choice = ASN1TaggedObject.getInstance(value);
            return switch (choice.getTagNo()) {
                case 0 ->
                    Optional.of(new CertificateName.ByIssuer(
                            IssuerAndSerialNumber.getInstance(ASN1Sequence.getInstance(choice, false))));
                case 2 ->
                    Optional.of(new CertificateName.ByKeyIdentifier(
                            ASN1OctetString.getInstance(choice, false).getOctets()));
                default -> Optional.empty();
            };
        } catch (IOException | RuntimeException broken) {
            return Optional.empty();
        }
    }
}
