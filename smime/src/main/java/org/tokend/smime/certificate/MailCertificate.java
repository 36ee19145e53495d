package org.tokend.smime.certificate;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;

/** An X.509 certificate, read as S/MIME reads it (RFC 8550). */
public record MailCertificate(X509CertificateHolder holder) {

    /** RFC 9598 §3. */
    private static final ASN1ObjectIdentifier SMTP_UTF8_MAILBOX = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9");

    /** A renewed certificate replaces its elder. */
    public static final Comparator<MailCertificate> BY_AGE = Comparator.comparing(MailCertificate::notBefore)
            .thenComparing(MailCertificate::notAfter)
            .thenComparing(MailCertificate::fingerprint);

    /** Empty where the bytes are no certificate: one broken object on a token must not hide the others. */
    public static Optional<MailCertificate> of(byte[] der) {
        try {
            MailCertificate certificate = new MailCertificate(new X509CertificateHolder(der));
            certificate.readAll();
            return Optional.of(certificate);
        } catch (IOException | RuntimeException notACertificate) {
            return Optional.empty();
        }
    }

    /** Bouncy Castle reads names and extensions late, and throws at those that are broken: better here than later. */
    private int readAll() {
        return Objects.hash(
                subject(),
                holder.getIssuer().toString(),
                addresses(),
                maySign(),
                isForMail(),
                isAuthority(),
                mayEncrypt(),
                isWeak(),
                String.valueOf(AuthorityKeyIdentifier.fromExtensions(holder.getExtensions())),
                hasKeyIdentifier(new byte[0]));
    }

    public String subject() {
        return holder.getSubject().toString();
    }

    public Instant notBefore() {
        return holder.getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return holder.getNotAfter().toInstant();
    }

    /** {@code sha256:} and the hex of SHA-256 over the certificate. */
    public String fingerprint() {
        return "sha256:" + HexFormat.of().formatHex(digest("SHA-256", encoded()));
    }

    public byte[] encoded() {
        try {
            return holder.getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException("a parsed certificate cannot be encoded", impossible);
        }
    }

    /** Addresses in rfc822Name, SmtpUTF8Mailbox and, as old certificates have it, in the subject's emailAddress. */
    public List<String> addresses() {
        Set<String> found = new LinkedHashSet<>();
        GeneralNames names = GeneralNames.fromExtensions(holder.getExtensions(), Extension.subjectAlternativeName);
        if (names != null) {
            for (GeneralName name : names.getNames()) {
                if (name.getTagNo() == GeneralName.rfc822Name) {
                    found.add(name.getName().toString());
                } else if (name.getTagNo() == GeneralName.otherName) {
                    OtherName other = OtherName.getInstance(name.getName());
                    if (SMTP_UTF8_MAILBOX.equals(other.getTypeID())) {
                        found.add(ASN1UTF8String.getInstance(other.getValue()).getString());
                    }
                }
            }
        }
        for (RDN rdn : holder.getSubject().getRDNs(BCStyle.EmailAddress)) {
            found.add(IETFUtils.valueToString(rdn.getFirst().getValue()));
        }
        return List.copyOf(found);
    }

    public boolean hasAddress(String address) {
        String wanted = address.toLowerCase(Locale.ROOT);
        return addresses().stream().anyMatch(own -> own.toLowerCase(Locale.ROOT).equals(wanted));
    }

    /** RFC 8550 §4.4.2: no key usage extension means any use. */
    boolean maySign() {
        KeyUsage usage = KeyUsage.fromExtensions(holder.getExtensions());
        return usage == null || usage.hasUsages(KeyUsage.digitalSignature) || usage.hasUsages(KeyUsage.nonRepudiation);
    }

    /** RFC 8550 §4.4.4: no extended key usage extension means any purpose. */
    boolean isForMail() {
        ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(holder.getExtensions());
        return usage == null
                || usage.hasKeyPurposeId(KeyPurposeId.id_kp_emailProtection)
                || usage.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage);
    }

    /** Whether its signatures on mails count. */
    public boolean mayProveMail() {
        return maySign() && isForMail();
    }

    /** RFC 8550 §4.4.2: RSA keys encrypt the content key, EC keys agree on one. */
    public boolean mayEncrypt() {
        KeyUsage usage = KeyUsage.fromExtensions(holder.getExtensions());
        boolean curve = isOnCurve();
        boolean rsa = PKCSObjectIdentifiers.rsaEncryption.equals(keyType());
        boolean fits = usage == null || usage.hasUsages(curve ? KeyUsage.keyAgreement : KeyUsage.keyEncipherment);
        return (curve || rsa) && fits && isForMail() && !isAuthority();
    }

    /** Less than RSA-2048 keeps no secret any more (RFC 8551 §4.2); every curve that the JDK knows does. */
    public boolean isWeak() {
        return PKCSObjectIdentifiers.rsaEncryption.equals(keyType())
                && RSAPublicKey.getInstance(holder.getSubjectPublicKeyInfo()
                                        .getPublicKeyData()
                                        .getOctets())
                                .getModulus()
                                .bitLength()
                        < 2048;
    }

    private boolean isOnCurve() {
        return X9ObjectIdentifiers.id_ecPublicKey.equals(keyType());
    }

    private ASN1ObjectIdentifier keyType() {
        return holder.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
    }

    boolean isAuthority() {
        BasicConstraints constraints = BasicConstraints.fromExtensions(holder.getExtensions());
        return constraints != null && constraints.isCA();
    }

    public boolean isSelfIssued() {
        return holder.getSubject().equals(holder.getIssuer());
    }

    public boolean isIssuedBy(MailCertificate issuer) {
        if (!holder.getIssuer().equals(issuer.holder.getSubject())) {
            return false;
        }
        AuthorityKeyIdentifier authority = AuthorityKeyIdentifier.fromExtensions(holder.getExtensions());
        byte[] wanted = authority == null ? null : authority.getKeyIdentifierOctets();
        return wanted == null || issuer.hasKeyIdentifier(wanted);
    }

    /** By extension, or by the SHA-1 that senders compute where there is none (RFC 5280 §4.2.1.2 (1)). */
    public boolean hasKeyIdentifier(byte[] identifier) {
        SubjectKeyIdentifier own = SubjectKeyIdentifier.fromExtensions(holder.getExtensions());
        byte[] actual = own != null
                ? own.getKeyIdentifier()
                : digest(
                        "SHA-1",
                        holder.getSubjectPublicKeyInfo().getPublicKeyData().getOctets());
        return Arrays.equals(actual, identifier);
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(algorithm + " is part of every JDK", impossible);
        }
    }
}
