package org.tokend.daemon.issuance;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

/** Reads what a CA's key is asked to sign (RFC 5280 §4.1, §5.1): whole, in DER, and of the kind that it is said to be. */
public final class IssuanceReader {
    /** No SHA-1, and no PSS, whose parameters would have to be compared too. */
    private static final Map<Algorithm, ASN1ObjectIdentifier> ALGORITHMS = Map.of(
            Algorithm.RSA_PKCS1_SHA256, PKCSObjectIdentifiers.sha256WithRSAEncryption,
            Algorithm.RSA_PKCS1_SHA384, PKCSObjectIdentifiers.sha384WithRSAEncryption,
            Algorithm.RSA_PKCS1_SHA512, PKCSObjectIdentifiers.sha512WithRSAEncryption,
            Algorithm.ECDSA_SHA256, X9ObjectIdentifiers.ecdsa_with_SHA256,
            Algorithm.ECDSA_SHA384, X9ObjectIdentifiers.ecdsa_with_SHA384,
            Algorithm.ECDSA_SHA512, X9ObjectIdentifiers.ecdsa_with_SHA512,
            Algorithm.ED25519, EdECObjectIdentifiers.id_Ed25519);

    private static final int VERSION_3 = 3;

    private IssuanceReader() {}

    /** @throws RefusalException INVALID_REQUEST when it is not what its kind says */
    public static Issuance read(Sign request) throws RefusalException {
        try {
            ASN1Primitive parsed = ASN1Primitive.fromByteArray(request.input());
            return switch (request.kind()) {
                case X509_TBS -> certificate(request, TBSCertificate.getInstance(parsed));
                case CRL -> list(request, TBSCertList.getInstance(parsed));
                case DIGEST -> throw new IllegalArgumentException("a digest says nothing");
            };
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw Issuance.refusal(
                    "it is not the DER of a " + (request.kind() == Sign.Kind.CRL ? "TBSCertList" : "TBSCertificate"));
        } catch (RuntimeException e) {
            // Bouncy Castle tells broken ASN.1 by whatever the breakage runs into.
            throw Issuance.refusal("it cannot be read");
        }
    }

    private static Issuance certificate(Sign request, TBSCertificate certificate) throws IOException, RefusalException {
        requireDer(certificate, request);
        requireAlgorithm(certificate.getSignature(), request);
        if (certificate.getVersionNumber() != VERSION_3) {
            throw Issuance.refusal("it is a certificate of version " + certificate.getVersionNumber() + ", not 3");
        }
        Instant from = time(certificate.getStartDate());
        Instant until = time(certificate.getEndDate());
        if (!from.isBefore(until)) {
            throw Issuance.refusal("it would be valid until " + until + ", which is not after its beginning, " + from);
        }
        Extensions extensions = certificate.getExtensions();
        BasicConstraints constraints = extensions == null ? null : BasicConstraints.fromExtensions(extensions);
        boolean authority = constraints != null && constraints.isCA();
        X500Name subject = certificate.getSubject();
        byte[] ownKey =
                Arrays.equals(subject.getEncoded(), certificate.getIssuer().getEncoded())
                        ? certificate.getSubjectPublicKeyInfo().getEncoded(ASN1Encoding.DER)
                        : new byte[0];
        String words = (authority ? "certificate of a CA, " : "certificate of ") + printable(subject) + ", serial "
                + certificate.getSerialNumber().getValue().toString(16) + ", valid until " + until;
        return new Issuance(KeyUse.What.CERTIFICATE, request.input(), certificate.getIssuer(), ownKey, words);
    }

    private static Issuance list(Sign request, TBSCertList list) throws IOException, RefusalException {
        requireDer(list, request);
        requireAlgorithm(list.getSignature(), request);
        Time next = list.getNextUpdate();
        if (next == null) {
            throw Issuance.refusal("a list without a next update never ends (RFC 5280 §5.1.2.5)");
        }
        Extension number =
                list.getExtensions() == null ? null : list.getExtensions().getExtension(Extension.cRLNumber);
        String words = "revocation list "
                + (number == null
                        ? "without a number"
                        : ASN1Integer.getInstance(number.getParsedValue()).getValue())
                + " of " + printable(list.getIssuer()) + ", entries " + list.getRevokedCertificates().length
                + ", next update " + time(next);
        return new Issuance(KeyUse.What.REVOCATION_LIST, request.input(), list.getIssuer(), new byte[0], words);
    }

    /** One encoding, so that nothing can stand in the bytes that was not read. */
    private static void requireDer(ASN1Object structure, Sign request) throws IOException, RefusalException {
        if (!Arrays.equals(structure.getEncoded(ASN1Encoding.DER), request.input())) {
            throw Issuance.refusal("it is not in DER");
        }
    }

    /** The algorithm stands inside and outside of what is signed, and must be the same (RFC 5280 §4.1.1.2). */
    private static void requireAlgorithm(AlgorithmIdentifier inside, Sign request) throws RefusalException {
        ASN1ObjectIdentifier wanted = ALGORITHMS.get(request.algorithm());
        if (wanted == null) {
            throw Issuance.refusal("CAs do not sign with " + request.algorithm().wireName()
                    + "; use SHA-2 with RSA or ECDSA, or Ed25519");
        }
        if (!wanted.equals(inside.getAlgorithm())) {
            throw Issuance.refusal("it says that it is signed by another algorithm than "
                    + request.algorithm().wireName());
        }
    }

    private static Instant time(Time time) {
        return time.getDate().toInstant();
    }

    private static String printable(X500Name name) {
        return name.toString().replaceAll("\\p{C}", "?");
    }
}
