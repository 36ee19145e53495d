package org.tokend.smime.cms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.util.io.TeeOutputStream;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureException.Reason;

/** Checks the signatures of SignedData, with its content inside or beside it. */
public final class SignatureReader {

    private final List<MailCertificate> known;

    /** @param known certificates beside those in the message: some senders leave their own out */
    public SignatureReader(List<MailCertificate> known) {
        this.known = List.copyOf(known);
    }

    /**
     * What a message proves.
     *
     * @param contentType id-data for mail
     * @param certificates that came with the message; anybody can put any there
     */
    public record Signed(
            ASN1ObjectIdentifier contentType, List<SignerResult> signers, List<MailCertificate> certificates) {}

    /**
     * SignedData with the content inside.
     *
     * @param content gets what is signed
     * @param again reads what {@code content} got
     */
    public Signed enclosed(InputStream ber, OutputStream content, SignedContent again) throws IOException {
        SignedDataReader reader = SignedDataReader.open(ber);
        if (!reader.hasContent()) {
            SignedDataReader.Signatures signatures = reader.signatures();
            throw signatures.signers().isEmpty()
                    ? certificatesOnly()
                    : new SignatureException(
                            Reason.CONTENT_MISPLACED,
                            "the signature is there, and what it signs is not: the mail lost its text on the way, or"
                                    + " the signature was handed over alone");
        }
        try (ContentDigests digests = new ContentDigests(reader.digests())) {
            reader.writeContent(new TeeOutputStream(content, digests));
            digests.finish();
            return checked(reader, digests, again);
        }
    }

    /** The certificates of a message that carries nothing else (RFC 8551 §3.8), or of one that is signed. */
    public static List<MailCertificate> certificates(InputStream ber) throws IOException {
        SignedDataReader reader = SignedDataReader.open(ber);
        reader.writeContent(OutputStream.nullOutputStream());
        return reader.signatures().certificates();
    }

    /** Writes the content that stands beside its signature. */
    @FunctionalInterface
    public interface Beside {
        void writeTo(OutputStream out) throws IOException;
    }

    /** SignedData beside its content: {@code content} gets what {@code beside} writes, and that alone is checked. */
    public Signed detached(byte[] ber, Beside beside, OutputStream content, SignedContent again) throws IOException {
        SignedDataReader reader = SignedDataReader.open(new ByteArrayInputStream(ber));
        if (reader.hasContent()) {
            throw new SignatureException(
                    Reason.CONTENT_MISPLACED,
                    "the signature carries a content of its own beside the one in the mail; which of them is signed"
                            + " cannot be told, so neither is shown");
        }
        try (ContentDigests digests = new ContentDigests(reader.digests())) {
            beside.writeTo(new TeeOutputStream(content, digests));
            digests.finish();
            return checked(reader, digests, again);
        }
    }

    private Signed checked(SignedDataReader reader, ContentDigests digests, SignedContent again) throws IOException {
        SignedDataReader.Signatures signatures = reader.signatures();
        if (signatures.signers().isEmpty()) {
            throw certificatesOnly();
        }
        List<MailCertificate> certificates = new ArrayList<>(signatures.certificates());
        certificates.addAll(known);
        SignerCheck check = new SignerCheck(reader.contentType(), digests, again, certificates);
        List<SignerResult> results = new ArrayList<>();
        try {
            for (SignerInfo signer : signatures.signers()) {
                results.add(check.check(signer));
            }
        } catch (RuntimeException broken) {
            throw SignatureException.malformed(broken);
        }
        return new Signed(reader.contentType(), results, signatures.certificates());
    }

    private static SignatureException certificatesOnly() {
        return new SignatureException(
                Reason.CERTIFICATES_ONLY, "the message carries certificates and no signature: it proves nothing");
    }
}
