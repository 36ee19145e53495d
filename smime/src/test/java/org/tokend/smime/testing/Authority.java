package org.tokend.smime.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
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
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.MailCertificate;

/** A CA that issues whatever a test wants, good or bad. */
public final class Authority {

    public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final long DAY = 86_400;

    private final X500Name name;
    private final KeyPair keys;
    private final AtomicLong serials = new AtomicLong(1000);

    public Authority(String name, TestKey key) {
        this.name = new X500Name("O=Test,CN=" + name);
        this.keys = key.keyPair();
    }

    /** What a certificate shall say; each method changes it. */
    public static final class Wish {
        private final X500Name subject;
        private final PublicKey key;
        private final List<Object[]> extensions = new ArrayList<>();
        private Instant from = NOW.minusSeconds(100 * DAY);
        private Instant to = NOW.plusSeconds(100 * DAY);
        private String algorithm = "SHA256withRSA";
        private boolean identified = true;
        private final List<AccessDescription> access = new ArrayList<>();

        private Wish(X500Name subject, PublicKey key) {
            this.subject = subject;
            this.key = key;
        }

        public Wish valid(Instant begin, Instant end) {
            from = begin;
            to = end;
            return this;
        }

        public Wish expired() {
            return valid(NOW.minusSeconds(100 * DAY), NOW.minusSeconds(DAY));
        }

        public Wish algorithm(String name) {
            algorithm = name;
            return this;
        }

        public Wish withoutKeyIdentifiers() {
            identified = false;
            return this;
        }

        public Wish with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            extensions.add(new Object[] {oid, critical, value});
            return this;
        }

        public Wish usage(int bits) {
            return with(Extension.keyUsage, true, new KeyUsage(bits));
        }

        public Wish purpose(KeyPurposeId... purposes) {
            return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }

        public Wish address(String address) {
            return with(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.rfc822Name, address)));
        }

        public Wish crl(String... urls) {
            return with(
                    Extension.cRLDistributionPoints,
                    false,
                    new CRLDistPoint(Stream.of(urls)
                            .map(url -> new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url)))
                            .map(names -> new DistributionPoint(new DistributionPointName(names), null, null))
                            .toArray(DistributionPoint[]::new)));
        }

        public Wish issuers(String url) {
            access.add(new AccessDescription(
                    AccessDescription.id_ad_caIssuers, new GeneralName(GeneralName.uniformResourceIdentifier, url)));
            return this;
        }

        public Wish ocsp(String url) {
            access.add(new AccessDescription(
                    AccessDescription.id_ad_ocsp, new GeneralName(GeneralName.uniformResourceIdentifier, url)));
            return this;
        }
    }

    public static Wish person(String name, TestKey key) {
        return person(name, key.publicKey());
    }

    public static Wish person(String name, PublicKey key) {
        return new Wish(new X500Name("O=Test,CN=" + name), key);
    }

    public static Wish mail(String address, TestKey key) {
        return person(address, key)
                .address(address)
                .usage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment)
                .purpose(KeyPurposeId.id_kp_emailProtection);
    }

    /** The certificate that another CA gives to this one. */
    public Wish asSubject() {
        return asSubject(new BasicConstraints(true));
    }

    public Wish asSubject(BasicConstraints constraints) {
        return new Wish(name, keys.getPublic())
                .with(Extension.basicConstraints, true, constraints)
                .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    public MailCertificate root() {
        return issue(asSubject());
    }

    public MailCertificate issue(Wish wish) {
        return new MailCertificate(build(wish));
    }

    private org.bouncycastle.cert.X509CertificateHolder build(Wish wish) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(serials.incrementAndGet()),
                    Date.from(wish.from),
                    Date.from(wish.to),
                    wish.subject,
                    wish.key);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            if (wish.identified) {
                builder.addExtension(
                        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(wish.key));
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(keys.getPublic()));
            }
            if (!wish.access.isEmpty()) {
                builder.addExtension(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(wish.access.toArray(AccessDescription[]::new)));
            }
            for (Object[] each : wish.extensions) {
                builder.addExtension((ASN1ObjectIdentifier) each[0], (Boolean) each[1], (ASN1Encodable) each[2]);
            }
            return builder.build(signer(wish.algorithm));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A list of what this CA has taken back. */
    public byte[] crl(Instant from, @Nullable Instant to, MailCertificate... revoked) {
        return crl(from, to, null, revoked);
    }

    public byte[] crl(Instant from, @Nullable Instant to, @Nullable Extension extension, MailCertificate... revoked) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(from));
            if (to != null) {
                builder.setNextUpdate(Date.from(to));
            }
            for (MailCertificate each : revoked) {
                builder.addCRLEntry(each.holder().getSerialNumber(), Date.from(from), 1);
            }
            if (extension != null) {
                builder.addExtension(extension);
            }
            X509CRLHolder crl = builder.build(signer("SHA256withRSA"));
            return crl.getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    public ContentSigner signer(String algorithm) throws OperatorCreationException {
        return new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
    }

    public PublicKey publicKey() {
        return keys.getPublic();
    }
}
