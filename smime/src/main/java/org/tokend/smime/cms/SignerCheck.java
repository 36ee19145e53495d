package org.tokend.smime.cms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignerResult.Status;

/** Checks one SignerInfo after the other against one content (RFC 5652 §5.6). */
final class SignerCheck {

    /** No honest list of attributes is longer. */
    private static final int MAX_ATTRIBUTES = 1 << 16;

    private final ASN1ObjectIdentifier contentType;
    private final ContentDigests digests;
    private final SignedContent content;
    private final List<MailCertificate> certificates;

    SignerCheck(
            ASN1ObjectIdentifier contentType,
            ContentDigests digests,
            SignedContent content,
            List<MailCertificate> certificates) {
        this.contentType = contentType;
        this.digests = digests;
        this.content = content;
        this.certificates = List.copyOf(certificates);
    }

    /** A finding before it is put beside the signer. */
    private record Finding(
            Status status, String detail, @Nullable MailCertificate certificate) {
        Finding(Status status, String detail) {
            this(status, detail, null);
        }
    }

    SignerResult check(SignerInfo info) throws IOException {
        CertificateName name = CertificateName.of(info.getSID());
        ASN1Set encoded = info.getAuthenticatedAttributes();
        Optional<ContentDigest> digest =
                ContentDigest.of(info.getDigestAlgorithm().getAlgorithm());
        Optional<SignatureMethod> method =
                digest.flatMap(own -> SignatureMethod.of(info.getDigestEncryptionAlgorithm(), own));
        Finding finding;
        try {
            finding = digest.isEmpty() || method.isEmpty()
                    ? unsupported(info, digest.isEmpty())
                    : find(info, digest.get(), method.get(), name);
        } catch (RuntimeException broken) {
            finding = new Finding(Status.FORGED, "the signature contradicts itself: its attributes are broken");
        }
        String algorithm = method.map(SignatureMethod::displayName)
                .orElse(info.getDigestEncryptionAlgorithm().getAlgorithm().getId());
        return result(name, finding, algorithm, encoded == null ? null : SignerAttributes.of(encoded));
    }

    private SignerResult result(
            CertificateName name, Finding finding, String algorithm, @Nullable SignerAttributes attributes) {
        boolean good = finding.status().isGood();
        MailCertificate preferred = !good || attributes == null
                ? null
                : attributes.encryptionKeyPreference().flatMap(this::named).orElse(null);
        java.time.Instant time = null;
        try {
            time = attributes == null ? null : attributes.signingTime();
        } catch (IOException | RuntimeException twice) {
            // Claimed twice, or not a time: then nothing is claimed.
        }
        return new SignerResult(
                name.toString(),
                finding.certificate(),
                finding.status(),
                finding.detail(),
                time,
                algorithm,
                good && attributes != null ? attributes.capabilities() : Capabilities.NONE,
                preferred);
    }

    private Optional<MailCertificate> named(CertificateName name) {
        return certificates.stream().filter(name::names).findFirst();
    }

    /** An algorithm in words, where it has a name: a number alone does not tell the sender what to change. */
    private static String named(ASN1ObjectIdentifier algorithm) {
        String name = new DefaultAlgorithmNameFinder().getAlgorithmName(algorithm);
        return name.equals(algorithm.getId()) ? name : name + " (" + algorithm + ")";
    }

    private static Finding unsupported(SignerInfo info, boolean digestUnknown) {
        ASN1ObjectIdentifier digest = info.getDigestAlgorithm().getAlgorithm();
        ASN1ObjectIdentifier method = info.getDigestEncryptionAlgorithm().getAlgorithm();
        String next = ", so nobody here can say whether the signature fits; ask the sender to sign with SHA-256";
        return digestUnknown
                ? new Finding(Status.UNSUPPORTED_DIGEST, "the digest " + named(digest) + " is not known here" + next)
                : new Finding(
                        Status.UNSUPPORTED,
                        "the signature algorithm " + named(method) + " is not known here" + next + " and RSA or ECDSA");
    }

    private Finding find(SignerInfo info, ContentDigest digest, SignatureMethod method, CertificateName name)
            throws IOException {
        ContentDigest own = method.digest();
        if (digest.strength() == ContentDigest.Strength.BROKEN
                || (own != null && own.strength() == ContentDigest.Strength.BROKEN)) {
            return new Finding(
                    Status.BROKEN_ALGORITHM,
                    "the signature is made with MD5: anybody can make another content that it fits; ask the sender to"
                            + " sign with SHA-256");
        }
        List<MailCertificate> candidates =
                certificates.stream().filter(name::names).distinct().toList();
        if (candidates.isEmpty()) {
            return new Finding(
                    Status.CERTIFICATE_MISSING,
                    "the message does not carry the signer's certificate (" + name + "); ask the sender for it");
        }
        Finding worst = null;
        for (MailCertificate candidate : candidates) {
            Finding found = check(info, digest, method, candidate);
            if (found.status().isGood()) {
                return found;
            }
            worst = worst == null || found.status() == Status.ALTERED ? found : worst;
        }
        return worst == null ? new Finding(Status.CERTIFICATE_MISSING, "no certificate") : worst;
    }

    private Finding check(SignerInfo info, ContentDigest digest, SignatureMethod method, MailCertificate certificate)
            throws IOException {
        ASN1Set encoded = info.getAuthenticatedAttributes();
        if (encoded == null) {
            return withoutAttributes(info, digest, method, certificate);
        }
        SignerAttributes attributes = SignerAttributes.of(encoded);
        byte[] signed = attributes.signedBytes();
        if (!fits(method, certificate, () -> new ByteArrayInputStream(signed), info)) {
            return forged("the signature does not fit the key of the certificate", certificate);
        }
        byte[] actual = digestOf(digest);
        try {
            if (!attributes.isForType(contentType)) {
                return forged("the signature is for a content of another type", certificate);
            }
            if (!attributes.protectsAlgorithms(info)) {
                return forged("the message names other algorithms than the signer did", certificate);
            }
            if (!attributes.allows(certificate)) {
                return forged("the signer named another certificate than the one in the message", certificate);
            }
            if (!attributes.isForDigest(actual)) {
                return new Finding(
                        Status.ALTERED,
                        "the signature is sound, but the content is not the one that was signed: it was changed on the"
                                + " way (by a mail server, a scanner, or on purpose)",
                        certificate);
            }
        } catch (IOException | RuntimeException broken) {
            throw new BrokenAttributes(broken);
        }
        return good(digest, method, certificate);
    }

    /** Attributes that cannot be read; not to be mixed up with a content that cannot be read. */
    private static final class BrokenAttributes extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenAttributes(Exception cause) {
            super(cause);
        }
    }

    /** RFC 5652 §5.3: attributes may be left out only for plain data. */
    private Finding withoutAttributes(
            SignerInfo info, ContentDigest digest, SignatureMethod method, MailCertificate certificate)
            throws IOException {
        if (!CMSObjectIdentifiers.data.equals(contentType)) {
            return forged("a content of this type must be signed with attributes", certificate);
        }
        if (isListOfAttributes()) {
            return forged("the content is the attributes of another message's signature", certificate);
        }
        if (!fits(method, certificate, content, info)) {
            return forged("the signature does not fit the content and the key of the certificate", certificate);
        }
        return good(digest, method, certificate);
    }

    /** Signed attributes of one message, shown as the content of another, carry a signature that fits. */
    private boolean isListOfAttributes() throws IOException {
        byte[] start;
        try (InputStream in = content.open()) {
            start = in.readNBytes(MAX_ATTRIBUTES);
        }
        if (start.length == 0 || start[0] != BerReader.SET || start.length == MAX_ATTRIBUTES) {
            return false;
        }
        try {
            for (ASN1Encodable each : ASN1Set.getInstance(ASN1Primitive.fromByteArray(start))) {
                if (CMSAttributes.messageDigest.equals(
                        Attribute.getInstance(each).getAttrType())) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException text) {
            return false;
        }
    }

    private static boolean fits(
            SignatureMethod method, MailCertificate certificate, SignedContent signed, SignerInfo info)
            throws IOException {
        try (InputStream in = signed.open()) {
            return method.verify(
                    certificate.holder().getSubjectPublicKeyInfo(),
                    in,
                    info.getEncryptedDigest().getOctets());
        } catch (GeneralSecurityException | IllegalArgumentException notASignatureOfThisKey) {
            return false;
        }
    }

    private static Finding forged(String detail, MailCertificate certificate) {
        return new Finding(Status.FORGED, detail, certificate);
    }

    private static Finding good(ContentDigest digest, SignatureMethod method, MailCertificate certificate) {
        ContentDigest own = method.digest();
        boolean old = digest.strength() != ContentDigest.Strength.GOOD
                || (own != null && own.strength() != ContentDigest.Strength.GOOD);
        return old
                ? new Finding(
                        Status.GOOD_BUT_OLD,
                        "the signature fits, by SHA-1, which is enough only for old mail",
                        certificate)
                : new Finding(Status.GOOD, "the signature fits the content and the certificate", certificate);
    }

    private byte[] digestOf(ContentDigest wanted) throws IOException {
        Optional<byte[]> computed = digests.of(wanted);
        if (computed.isPresent()) {
            return computed.get();
        }
        MessageDigest digest = wanted.start();
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[1 << 14];
            int count = in.read(buffer);
            while (count >= 0) {
                digest.update(buffer, 0, count);
                count = in.read(buffer);
            }
        }
        return digest.digest();
    }
}
