package org.tokend.smime.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
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
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

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

    /** Bouncy Castle reads most parts late, and throws at those that are broken: better here than later. */
    private int readAll() {
        return Objects.hash(
                subject(),
                notBefore(),
                notAfter(),
                Arrays.hashCode(holder.getSignature()),
                CertificateLinks.of(this),
                holder.getIssuer().toString(),
                addresses(),
                CertificateClass.of(this),
                isAuthority(),
                mayEncrypt(),
                isWeak(),
                String.valueOf(AuthorityKeyIdentifier.fromExtensions(holder.getExtensions())),
                hasKeyIdentifier(new byte[0]));
    }

    public String subject() {
        return holder.getSubject().toString();
    }

    public String issuer() {
        return holder.getIssuer().toString();
    }

    /** Hex, as OpenSSL and Windows show it. */
    public String serial() {
        return holder.getSerialNumber().toString(16);
    }

    /** One line that names it beyond doubt. */
    public String describe() {
        return subject() + ", serial " + serial() + ", " + fingerprint();
    }

    public boolean isValidAt(Instant when) {
        return !when.isBefore(notBefore()) && !when.isAfter(notAfter());
    }

    public boolean hasSameKeyAs(MailCertificate other) {
        return holder.getSubjectPublicKeyInfo().equals(other.holder.getSubjectPublicKeyInfo());
    }

    /** @param publicKey SubjectPublicKeyInfo, DER */
    public boolean hasKey(byte[] publicKey) {
        return holder.getSubjectPublicKeyInfo().equals(SubjectPublicKeyInfo.getInstance(publicKey));
    }

    public Instant notBefore() {
        return Asn1Time.instant(holder.toASN1Structure().getStartDate());
    }

    public Instant notAfter() {
        return Asn1Time.instant(holder.toASN1Structure().getEndDate());
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
        Set<String> found = alternativeAddresses();
        found.addAll(subjectAddresses());
        return List.copyOf(found);
    }

    /** Those in the subject alone: still read, no longer to be issued (RFC 8550 §3). */
    public List<String> legacyAddresses() {
        Set<String> proper = alternativeAddresses();
        return subjectAddresses().stream()
                .filter(each -> proper.stream().noneMatch(each::equalsIgnoreCase))
                .toList();
    }

    private Set<String> alternativeAddresses() {
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
        return found;
    }

    private Set<String> subjectAddresses() {
        Set<String> found = new LinkedHashSet<>();
        for (RDN rdn : holder.getSubject().getRDNs(BCStyle.EmailAddress)) {
            found.add(IETFUtils.valueToString(rdn.getFirst().getValue()));
        }
        return found;
    }

    public boolean hasAddress(String address) {
        String wanted = address.toLowerCase(Locale.ROOT);
        return addresses().stream().anyMatch(own -> own.toLowerCase(Locale.ROOT).equals(wanted));
    }

    /** Whether mails can be encrypted to it: made for that, and with a kind of key that is written here. */
    public boolean mayEncrypt() {
        boolean written = isOnCurve() || isRsa();
        return written && CertificateClass.of(this).allows(KeyPurpose.ENCRYPT);
    }

    /** Less than RSA-2048 keeps no secret any more (RFC 8551 §4.2); every curve that the JDK knows does. */
    public boolean isWeak() {
        return isRsa()
                && RSAPublicKey.getInstance(holder.getSubjectPublicKeyInfo()
                                        .getPublicKeyData()
                                        .getOctets())
                                .getModulus()
                                .bitLength()
                        < 2048;
    }

    /** By its usual name, or by the one that says that it is for OAEP alone (RFC 4055 §4.1). */
    private boolean isRsa() {
        return PKCSObjectIdentifiers.rsaEncryption.equals(keyType())
                || PKCSObjectIdentifiers.id_RSAES_OAEP.equals(keyType());
    }

    private boolean isOnCurve() {
        return X9ObjectIdentifiers.id_ecPublicKey.equals(keyType());
    }

    private ASN1ObjectIdentifier keyType() {
        return holder.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
    }

    public boolean isAuthority() {
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

    /** The key identifier of the issuer, in hex, where the certificate names it. */
    public Optional<String> authorityKey() {
        AuthorityKeyIdentifier authority = AuthorityKeyIdentifier.fromExtensions(holder.getExtensions());
        byte[] octets = authority == null ? null : authority.getKeyIdentifierOctets();
        return octets == null
                ? Optional.empty()
                : Optional.of(HexFormat.ofDelimiter(":").withUpperCase().formatHex(octets));
    }

    public boolean hasSameKeyAndNameAs(MailCertificate other) {
        return hasSameKeyAs(other) && holder.getSubject().equals(other.holder.getSubject());
    }

    /** Signed with its own key: a root, and no key rollover certificate, which has the same names (RFC 4210 §4.4). */
    public boolean hasOwnSignature() {
        return isSelfIssued() && signed(this);
    }

    /** Whether this certificate's key made the other one's signature. */
    public boolean signed(MailCertificate other) {
        return signed(other, new JcaContentVerifierProviderBuilder())
                // Algorithms that this Java does not know yet, such as ML-DSA on 17.
                || (!isKnownToJava(other)
                        && signed(
                                other,
                                new JcaContentVerifierProviderBuilder().setProvider(new BouncyCastleProvider())));
    }

    private boolean signed(MailCertificate other, JcaContentVerifierProviderBuilder verifiers) {
        try {
            return other.holder.isSignatureValid(verifiers.build(holder));
        } catch (OperatorCreationException | CertificateException | CertException | RuntimeException unverifiable) {
            // Unchecked ones come from a key or an algorithm whose parameters are broken.
            return false;
        }
    }

    /** Whether the JDK can check the signature on that certificate. */
    public static boolean isKnownToJava(MailCertificate certificate) {
        try {
            Signature.getInstance(certificate.toX509().getSigAlgName());
            return true;
        } catch (GeneralSecurityException unknown) {
            return false;
        }
    }

    public X509Certificate toX509() throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded()));
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

    /** RFC 6960 §4.2.1: the SHA-1 of the public key by which OCSP responders name themselves. */
    public boolean isKeyHash(byte[] hash) {
        return Arrays.equals(
                digest(
                        "SHA-1",
                        holder.getSubjectPublicKeyInfo().getPublicKeyData().getOctets()),
                hash);
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(algorithm + " is part of every JDK", impossible);
        }
    }
}
