package org.tokend.smime.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Sign;
import org.tokend.smime.authority.AuthorityException.Reason;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.TokenKeys;

/** Writes revocation lists (RFC 5280 §5). The list before is the register: its entries and its number go on in the new one. */
public final class RevocationListWriter {

    private final TokenKeys keys;
    private final Clock clock;

    public RevocationListWriter(TokenKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** @param reason of RFC 5280 §5.3.1, by number */
    public record Revoked(MailCertificate certificate, int reason) {}

    /**
     * @param previous the list before, DER; null for the first
     * @return the list, DER
     */
    public byte[] write(CaKey ca, byte @Nullable [] previous, List<Revoked> revoked, int days)
            throws AuthorityException, IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        X509v2CRLBuilder builder =
                new X509v2CRLBuilder(ca.certificate().holder().getSubject(), Date.from(now));
        builder.setNextUpdate(Date.from(now.plus(Duration.ofDays(days))));
        BigInteger number = BigInteger.ONE;
        Set<BigInteger> listed = new HashSet<>();
        if (previous != null) {
            X509CRLHolder before = read(ca, previous);
            builder.addCRL(before);
            number = numberOf(before).add(BigInteger.ONE);
            for (Object each : before.getRevokedCertificates()) {
                listed.add(((X509CRLEntryHolder) each).getSerialNumber());
            }
        }
        for (Revoked each : revoked) {
            requireIssued(ca, each.certificate());
            BigInteger serial = each.certificate().holder().getSerialNumber();
            if (listed.add(serial)) {
                builder.addCRLEntry(serial, Date.from(now), each.reason());
            }
        }
        builder.addExtension(Extension.authorityKeyIdentifier, false, CertificateAuthority.identifierOf(ca));
        builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
        return builder.build(new CaSigner(keys, ca.key(), Sign.Kind.CRL)).getEncoded();
    }

    private static X509CRLHolder read(CaKey ca, byte[] previous) throws AuthorityException {
        try {
            X509CRLHolder list = new X509CRLHolder(previous);
            if (list.getIssuer().equals(ca.certificate().holder().getSubject())
                    && list.isSignatureValid(new JcaContentVerifierProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(ca.certificate().holder()))) {
                return list;
            }
            throw new AuthorityException(
                    Reason.OTHER_CA, "the previous list is by " + list.getIssuer() + ", or was changed since");
        } catch (IOException
                | CertException
                | OperatorCreationException
                | RuntimeException
                | java.security.cert.CertificateException e) {
            throw new AuthorityException(
                    Reason.OTHER_CA, "the previous list cannot be read as a revocation list: " + e.getMessage());
        }
    }

    private static BigInteger numberOf(X509CRLHolder list) {
        Extension number = list.getExtension(Extension.cRLNumber);
        return number == null
                ? BigInteger.ZERO
                : ASN1Integer.getInstance(number.getParsedValue()).getValue();
    }

    private static void requireIssued(CaKey ca, MailCertificate certificate) throws AuthorityException {
        if (!ca.certificate().signed(certificate)) {
            throw new AuthorityException(
                    Reason.OTHER_CA,
                    "the certificate " + certificate.describe() + " was not issued by "
                            + ca.certificate().subject() + ", which can only revoke its own");
        }
    }
}
