package org.tokend.smime.cms;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/**
 * What one SignerInfo proves about the content. Whether the certificate can be trusted is another question.
 *
 * @param named how the message names the signer's certificate
 * @param certificate with whose key the signature was checked; null where the message and the caller had none that fits
 * @param detail one sentence: why
 * @param signingTime claimed by the signer, who may lie
 * @param algorithm in words
 * @param capabilities what the signer says that can be read
 * @param encryptionCertificate the signer asks to encrypt to (RFC 8551 §2.5.3), where the message carries it
 */
public record SignerResult(
        String named,
        @Nullable MailCertificate certificate,
        Status status,
        String detail,
        @Nullable Instant signingTime,
        String algorithm,
        Capabilities capabilities,
        @Nullable MailCertificate encryptionCertificate) {

    /** What came out. */
    public enum Status {
        /** The key of the certificate signed exactly this content. */
        GOOD,
        /** The same, by a digest that is enough only for old mail (SHA-1). */
        GOOD_BUT_OLD,
        /** The signature is sound, but for another content: it was changed on the way. */
        ALTERED,
        /** The signature itself is not by this key, or says things that contradict the message. */
        FORGED,
        /** Nobody can say: the signer's certificate is not there. */
        CERTIFICATE_MISSING,
        /** Nobody can say: the content was digested in a way that is not known here. */
        UNSUPPORTED_DIGEST,
        /** Nobody can say: a signature algorithm that is not known here. */
        UNSUPPORTED,
        /** An algorithm by which a signature proves nothing any more. */
        BROKEN_ALGORITHM;

        public boolean isGood() {
            return this == GOOD || this == GOOD_BUT_OLD;
        }

        /** Somebody tampered, or may have; as opposed to: it cannot be checked. */
        public boolean isBad() {
            return this == ALTERED || this == FORGED;
        }
    }

    public Optional<MailCertificate> signer() {
        return Optional.ofNullable(certificate);
    }
}
