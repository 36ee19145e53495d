package org.tokend.smime.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.smime.authority.AuthorityException.Reason;
import org.tokend.smime.cms.TokenKeys;

/** Issues certificates (RFC 5280 §4) by the key of a CA on a token. */
public final class CertificateAuthority {

    private static final int SERIAL_BYTES = 16;
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final TokenKeys keys;
    private final Clock clock;
    private final SecureRandom random;

    public CertificateAuthority(TokenKeys keys, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /** @return the certificate by which the key becomes a root: signed by itself, DER */
    public byte[] root(KeyDescription key, X500Principal subject, int days) throws AuthorityException, IOException {
        X500Name name = X500Name.getInstance(subject.getEncoded());
        SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfo.getInstance(key.publicKey());
        X509v3CertificateBuilder builder = builder(name, name, publicKey, days);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return builder.build(new CaSigner(keys, key, Sign.Kind.X509_TBS)).getEncoded();
    }

    /**
     * @param request PKCS#10, DER
     * @return the certificate, DER
     */
    public byte[] issue(CaKey ca, byte[] request, IssuingWish wish) throws AuthorityException, IOException {
        CertificationRequest checked = CertificationRequest.read(request);
        if (wish.authority()) {
            requireDistinguished(checked.subject());
        } else {
            checked.requireAddresses(wish.addresses());
        }
        requireTime(ca, wish);
        X509v3CertificateBuilder builder =
                builder(ca.certificate().holder().getSubject(), checked.subject(), checked.key(), wish.days());
        builder.addExtension(Extension.authorityKeyIdentifier, false, identifierOf(ca));
        if (wish.authority()) {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } else {
            boolean nameless = checked.subject().getRDNs().length == 0;
            builder.addExtension(Extension.subjectAlternativeName, nameless, checked.names());
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(checked.usage()));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
        }
        addPlaces(builder, wish);
        return builder.build(new CaSigner(keys, ca.key(), Sign.Kind.X509_TBS)).getEncoded();
    }

    private static void requireDistinguished(X500Name subject) throws AuthorityException {
        if (subject.getRDNs().length == 0) {
            throw new AuthorityException(Reason.BAD_REQUEST, "a CA has a name, and the request has none");
        }
    }

    private void requireTime(CaKey ca, IssuingWish wish) throws AuthorityException {
        Instant end = clock.instant().plus(Duration.ofDays(wish.days()));
        if (end.isAfter(ca.certificate().notAfter())) {
            throw new AuthorityException(
                    Reason.TOO_LONG,
                    "the CA's own certificate ends on " + ca.certificate().notAfter() + ", before " + end
                            + "; ask for fewer days, or renew the CA first");
        }
        if (!wish.authority() && wish.days() > IssuingWish.LONGEST_DAYS) {
            throw new AuthorityException(
                    Reason.TOO_LONG,
                    "certificates for mail are valid for at most " + IssuingWish.LONGEST_DAYS
                            + " days, says the CA/Browser Forum; ask for fewer");
        }
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, SubjectPublicKeyInfo key, int days)
            throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuer,
                new BigInteger(1, serial()),
                Date.from(now.minus(CLOCKS_DIFFER)),
                Date.from(now.plus(Duration.ofDays(days))),
                subject,
                key);
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new BcX509ExtensionUtils().createSubjectKeyIdentifier(key));
        return builder;
    }

    /** Positive, never zero, and not to be guessed (RFC 5280 §4.1.2.2). */
    private byte[] serial() {
        byte[] serial = new byte[SERIAL_BYTES];
        random.nextBytes(serial);
        serial[0] = (byte) (serial[0] & 0x3f | 0x40);
        return serial;
    }

    static AuthorityKeyIdentifier identifierOf(CaKey ca) {
        byte[] own = ca.certificate().holder().getExtensions() == null
                ? null
                : identifier(SubjectKeyIdentifier.fromExtensions(
                        ca.certificate().holder().getExtensions()));
        byte[] identifier = own != null
                ? own
                : new BcX509ExtensionUtils()
                        .createSubjectKeyIdentifier(ca.certificate().holder().getSubjectPublicKeyInfo())
                        .getKeyIdentifier();
        return new AuthorityKeyIdentifier(identifier);
    }

    private static byte @org.jspecify.annotations.Nullable [] identifier(
            @org.jspecify.annotations.Nullable SubjectKeyIdentifier identifier) {
        return identifier == null ? null : identifier.getKeyIdentifier();
    }

    private static void addPlaces(X509v3CertificateBuilder builder, IssuingWish wish) throws IOException {
        if (!wish.lists().isEmpty()) {
            DistributionPoint[] points = wish.lists().stream()
                    .map(url ->
                            new DistributionPoint(new DistributionPointName(new GeneralNames(uri(url))), null, null))
                    .toArray(DistributionPoint[]::new);
            builder.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(points));
        }
        if (!wish.issuers().isEmpty()) {
            AccessDescription[] places = wish.issuers().stream()
                    .map(url -> new AccessDescription(AccessDescription.id_ad_caIssuers, uri(url)))
                    .toArray(AccessDescription[]::new);
            builder.addExtension(Extension.authorityInfoAccess, false, new AuthorityInformationAccess(places));
        }
    }

    private static GeneralName uri(String url) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, url);
    }
}
