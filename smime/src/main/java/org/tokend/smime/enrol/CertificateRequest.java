package org.tokend.smime.enrol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.TokenContentSigner;
import org.tokend.smime.cms.TokenKeys;

/** Makes PKCS#10 requests (RFC 2986), signed by the key that the certificate is for, which proves its possession to the CA. */
public final class CertificateRequest {
    /** id-on-SmtpUTF8Mailbox (RFC 9598 §3). */
    private static final ASN1ObjectIdentifier SMTP_UTF8_MAILBOX = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9");

    private CertificateRequest() {}

    /**
     * @return CertificationRequest, DER
     * @throws IllegalArgumentException when the key cannot do what the certificate is to be for
     */
    public static byte[] make(TokenKeys keys, KeyDescription key, RequestedCertificate wanted) throws IOException {
        SignatureScheme scheme = SignatureScheme.preferredFor(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the key " + key.uri() + " cannot sign, and a request for a certificate is signed"));
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
                Extension.subjectAlternativeName, wanted.subject().getName().isEmpty(), names(wanted.addresses()));
        extensions.addExtension(Extension.keyUsage, true, usage(key, wanted.use()));
        extensions.addExtension(
                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
        return new PKCS10CertificationRequestBuilder(
                        X500Name.getInstance(wanted.subject().getEncoded()),
                        SubjectPublicKeyInfo.getInstance(key.publicKey()))
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(new TokenContentSigner(keys, key.fingerprint(), scheme, "ask for a certificate"))
                .getEncoded();
    }

    private static GeneralNames names(List<String> addresses) {
        List<GeneralName> names = new ArrayList<>();
        for (String address : addresses) {
            boolean ascii = address.chars().allMatch(c -> c < 0x80);
            names.add(
                    ascii
                            ? new GeneralName(GeneralName.rfc822Name, address)
                            : new GeneralName(
                                    GeneralName.otherName,
                                    new OtherName(SMTP_UTF8_MAILBOX, new DERUTF8String(address))));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static KeyUsage usage(KeyDescription key, RequestedCertificate.Use use) {
        int encrypt = switch (key.type()) {
            case "RSA" -> KeyUsage.keyEncipherment;
            case "EC" -> KeyUsage.keyAgreement;
            default -> 0;
        };
        if (use != RequestedCertificate.Use.SIGN && encrypt == 0) {
            throw new IllegalArgumentException("the key " + key.uri() + " is of type " + key.type()
                    + " and cannot decrypt; ask for a certificate to sign with");
        }
        return new KeyUsage(
                switch (use) {
                    case SIGN -> KeyUsage.digitalSignature;
                    case ENCRYPT -> encrypt;
                    case BOTH -> KeyUsage.digitalSignature | encrypt;
                });
    }
}
