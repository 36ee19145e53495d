package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.BerReader.Header;
import org.tokend.smime.cms.SignatureException.Reason;

/** SignedData (RFC 5652 §5.1), read from its start to the content, through the content, and then the signatures. */
final class SignedDataReader {

    /** A thousand certificates fit; a hostile message must not fill the heap. */
    private static final int MAX_ELEMENT = 2 << 20;

    private static final int SMALL_ELEMENT = 1 << 16;
    private static final int MAX_SIGNERS = 64;
    private static final int CONTEXT_0 = 0xa0;
    private static final int CONTEXT_1 = 0xa1;

    private final BerReader in;
    private final List<ContentDigest> digests;
    private final boolean indefinite;
    private final ASN1ObjectIdentifier contentType;
    private @Nullable Header wrapper;
    private @Nullable ContentOctets content;

    /** The reader stands before the version of the SignedData. */
    private SignedDataReader(BerReader in) throws IOException {
        this.in = in;
        in.element(SMALL_ELEMENT);
        this.digests = digests(in.element(SMALL_ELEMENT));
        Header encapsulated = in.next(BerReader.SEQUENCE);
        this.indefinite = encapsulated.isIndefinite();
        byte[] type = in.element(SMALL_ELEMENT);
        this.contentType = ASN1ObjectIdentifier.getInstance(ASN1Primitive.fromByteArray(type));
        boolean more = indefinite ? !in.peek().isEnd() : encapsulated.length() > type.length;
        if (more) {
            wrapper = in.next(CONTEXT_0);
            Header octets = in.next();
            if (octets.tag() != BerReader.OCTET_STRING && octets.tag() != BerReader.CONSTRUCTED_OCTET_STRING) {
                throw new IOException("the signed content is not an octet string");
            }
            content = new ContentOctets(in, octets, octets.tag() == BerReader.CONSTRUCTED_OCTET_STRING);
        } else if (indefinite) {
            in.next();
        }
    }

    static SignedDataReader open(InputStream ber) throws IOException {
        BerReader in = new BerReader(ber);
        try {
            in.next(BerReader.SEQUENCE);
            ASN1ObjectIdentifier type =
                    ASN1ObjectIdentifier.getInstance(ASN1Primitive.fromByteArray(in.element(SMALL_ELEMENT)));
            if (!CMSObjectIdentifiers.signedData.equals(type)) {
                throw new SignatureException(Reason.NOT_SIGNED, notSigned(type));
            }
            in.next(CONTEXT_0);
            in.next(BerReader.SEQUENCE);
            return new SignedDataReader(in);
        } catch (SignatureException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            throw SignatureException.malformed(broken);
        }
    }

    private static String notSigned(ASN1ObjectIdentifier type) {
        if (CMSObjectIdentifiers.envelopedData.equals(type) || CMSObjectIdentifiers.authEnvelopedData.equals(type)) {
            return "the message is encrypted; a signature, if there is one, is inside: use \"tokenctl smime decrypt\"";
        }
        return "the message is not signed: its CMS type is " + type;
    }

    private static List<ContentDigest> digests(byte[] encoded) throws IOException {
        List<ContentDigest> known = new ArrayList<>();
        for (ASN1Encodable each : ASN1Set.getInstance(ASN1Primitive.fromByteArray(encoded))) {
            ContentDigest.of(AlgorithmIdentifier.getInstance(each).getAlgorithm())
                    .filter(digest -> !known.contains(digest))
                    .ifPresent(known::add);
        }
        return known;
    }

    /** Those that the signers announce and that are known. */
    List<ContentDigest> digests() {
        return digests;
    }

    ASN1ObjectIdentifier contentType() {
        return contentType;
    }

    boolean hasContent() {
        return content != null;
    }

    void writeContent(OutputStream out) throws IOException {
        ContentOctets octets = content;
        if (octets == null) {
            return;
        }
        byte[] buffer = new byte[1 << 16];
        int count = read(octets, buffer);
        while (count >= 0) {
            out.write(buffer, 0, count);
            count = read(octets, buffer);
        }
    }

    /** The parser throws unchecked exceptions of many kinds at bad input; what {@code out} throws goes through. */
    private static int read(ContentOctets octets, byte[] buffer) throws IOException {
        try {
            return octets.readFully(buffer);
        } catch (IOException | RuntimeException broken) {
            throw SignatureException.malformed(broken);
        }
    }

    /** What stands behind the content. */
    record Signatures(List<MailCertificate> certificates, List<SignerInfo> signers) {}

    /** To be called when the content is read. */
    Signatures signatures() throws IOException {
        try {
            closeContent();
            List<MailCertificate> certificates = new ArrayList<>();
            if (in.peek().tag() == CONTEXT_0) {
                certificates.addAll(certificates(in.element(MAX_ELEMENT)));
            }
            if (in.peek().tag() == CONTEXT_1) {
                in.element(MAX_ELEMENT);
            }
            List<SignerInfo> signers = new ArrayList<>();
            for (ASN1Encodable each : ASN1Set.getInstance(ASN1Primitive.fromByteArray(in.element(MAX_ELEMENT)))) {
                signers.add(SignerInfo.getInstance(each));
                if (signers.size() > MAX_SIGNERS) {
                    throw new IOException("more than " + MAX_SIGNERS + " signers");
                }
            }
            return new Signatures(certificates, signers);
        } catch (IOException | RuntimeException broken) {
            throw SignatureException.malformed(broken);
        }
    }

    private void closeContent() throws IOException {
        Header explicit = wrapper;
        if (explicit == null) {
            return;
        }
        int ends = (explicit.isIndefinite() ? 1 : 0) + (indefinite ? 1 : 0);
        for (int i = 0; i < ends; i++) {
            if (!in.next().isEnd()) {
                throw new IOException("something behind the signed content");
            }
        }
    }

    /** Attribute certificates and what cannot be parsed say nothing about a signer. */
    private static List<MailCertificate> certificates(byte[] encoded) throws IOException {
        encoded[0] = BerReader.SET;
        List<MailCertificate> found = new ArrayList<>();
        for (ASN1Encodable each : ASN1Set.getInstance(ASN1Primitive.fromByteArray(encoded))) {
            if (each.toASN1Primitive() instanceof ASN1Sequence sequence) {
                MailCertificate.of(sequence.getEncoded()).ifPresent(found::add);
            }
        }
        return found;
    }
}
