package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.CMSSignedGenerator;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.CollectionStore;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/** Writes SignedData (RFC 5652 §5) around or beside a content that streams through. */
public final class SignedDataWriter {

    /** Writes the content; called once. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private final ContentSigner signer;
    private final SignatureScheme scheme;
    private final List<MailCertificate> chain;
    private final @Nullable MailCertificate encryptTo;
    private final Instant time;

    /** @param chain the signer's certificate first */
    public SignedDataWriter(ContentSigner signer, SignatureScheme scheme, List<MailCertificate> chain, Instant time) {
        this(signer, scheme, chain, null, time);
    }

    /** @param encryptTo which the readers are asked to encrypt to (RFC 8551 §2.5.3); it travels along */
    public SignedDataWriter(
            ContentSigner signer,
            SignatureScheme scheme,
            List<MailCertificate> chain,
            @Nullable MailCertificate encryptTo,
            Instant time) {
        this.encryptTo = encryptTo;
        this.signer = signer;
        this.scheme = scheme;
        this.chain = List.copyOf(chain);
        this.time = time;
    }

    /** The signature alone, DER. */
    public byte[] detached(Content content) throws IOException {
        try (DigestCalculators digests = new DigestCalculators()) {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            prepare(generator, digests);
            return generator
                    .generate(new StreamedContent(content, digests), false)
                    .toASN1Structure()
                    .getEncoded(ASN1Encoding.DER);
        } catch (CMSException | OperatorCreationException failure) {
            throw causeOf(failure);
        }
    }

    /** The content inside the signature, BER of indefinite length. */
    public void enclosing(Content content, OutputStream out) throws IOException {
        try (DigestCalculators digests = new DigestCalculators()) {
            CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
            generator.setBufferSize(1 << 14);
            prepare(generator, digests);
            OutputStream body = generator.open(out, true);
            content.writeTo(body);
            digests.finish();
            // Closing it asks the token for the signature: not where the content is not whole.
            body.close();
        } catch (CMSException | OperatorCreationException failure) {
            throw causeOf(failure);
        }
    }

    private void prepare(CMSSignedGenerator generator, DigestCalculators digests)
            throws OperatorCreationException, CMSException {
        SignerInfoGenerator signerInfo = new SignerInfoGeneratorBuilder(digests)
                .setContentDigest(scheme.hash().identifier())
                .setSignedAttributeGenerator(SignedAttributes.of(chain.get(0), encryptTo, time))
                .build(signer, chain.get(0).holder());
        generator.addSignerInfoGenerator(signerInfo);
        List<X509CertificateHolder> certificates = Stream.concat(chain.stream(), Stream.ofNullable(encryptTo))
                .distinct()
                .map(MailCertificate::holder)
                .toList();
        generator.addCertificates(new CollectionStore<>(certificates));
    }

    /** Bouncy Castle wraps what the content or the token threw. */
    private static IOException causeOf(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException known) {
                return known;
            }
        }
        return new IOException("the signature could not be put together: " + failure.getMessage(), failure);
    }

    private record StreamedContent(Content content, DigestCalculators digests) implements CMSTypedData {

        @Override
        public ASN1ObjectIdentifier getContentType() {
            return CMSObjectIdentifiers.data;
        }

        @Override
        public void write(OutputStream out) throws IOException {
            content.writeTo(out);
            digests.finish();
        }

        @Override
        public Object getContent() {
            return content;
        }
    }
}
