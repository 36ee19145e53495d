package org.tokend.smime.revocation;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.RuntimeOperatorException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;
import org.tokend.smime.revocation.RevocationState.Unknown;

/** What one OCSP response says of one certificate (RFC 6960 §3.2). */
final class OcspReader {

    /** A responder that signs while it is asked may have a clock that is a little ahead. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final AlgorithmPolicy policy;

    OcspReader(AlgorithmPolicy policy) {
        this.policy = policy;
    }

    /** @param nonce that was sent; null for an answer from the cache */
    record Question(Subject subject, CertificateID id, byte @Nullable [] nonce, String url) {}

    RevocationState read(byte[] document, Question question) {
        try {
            OCSPResp response = new OCSPResp(document);
            if (response.getStatus() != OCSPResp.SUCCESSFUL) {
                return unknown(Cause.OCSP_REFUSED, question, "answers with status " + response.getStatus());
            }
            if (response.getResponseObject() instanceof BasicOCSPResp basic) {
                return read(basic, question);
            }
        } catch (IOException | OCSPException | RuntimeException malformed) {
            return unknown(Cause.BAD_ENCODING, question, "does not answer with an OCSP response");
        }
        return unknown(Cause.BAD_ENCODING, question, "answers with a response of an unknown type");
    }

    private RevocationState read(BasicOCSPResp response, Question question) {
        if (!isByIssuer(response, question.subject())) {
            return unknown(
                    Cause.BAD_SIGNATURE,
                    question,
                    "answers with a signature that is neither the issuer's nor of a responder it named");
        }
        // Many responders answer from a store and leave the nonce out; a wrong one is another matter.
        byte[] nonce = question.nonce();
        Extension echoed = response.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (nonce != null && echoed != null && !Arrays.equals(nonce, nonce(echoed))) {
            return unknown(Cause.WRONG_NONCE, question, "answers a question that is not ours");
        }
        List<SingleResp> about = Stream.of(response.getResponses())
                .filter(each -> each.getCertID().equals(question.id()))
                .toList();
        if (about.isEmpty()) {
            return unknown(Cause.OUT_OF_SCOPE, question, "answers about other certificates");
        }
        return judged(about.get(0), question);
    }

    private static byte[] nonce(Extension extension) {
        byte[] value = extension.getExtnValue().getOctets();
        try {
            return ASN1OctetString.getInstance(value).getOctets();
        } catch (IllegalArgumentException bare) {
            return value;
        }
    }

    private static RevocationState judged(SingleResp single, Question question) {
        Instant when = question.subject().when();
        Instant begin = single.getThisUpdate().toInstant();
        Date end = single.getNextUpdate();
        if (when.plus(SKEW).isBefore(begin)) {
            return unknown(Cause.NOT_YET_VALID, question, "answers for a time after " + begin);
        }
        if (end != null && !when.isBefore(end.toInstant())) {
            return unknown(Cause.STALE, question, "answers with what ended on " + end.toInstant());
        }
        CertificateStatus status = single.getCertStatus();
        if (status == CertificateStatus.GOOD) {
            return new Good(question.url(), end == null ? null : end.toInstant());
        } else if (status instanceof RevokedStatus revoked) {
            int reason = revoked.hasRevocationReason() ? revoked.getRevocationReason() : 0;
            return new Revoked(revoked.getRevocationTime().toInstant(), CrlReader.reasonName(reason), question.url());
        }
        return unknown(Cause.OCSP_UNKNOWN, question, "does not know the certificate");
    }

    /** RFC 6960 §4.2.2.2: the issuer itself, or one whom the same issuer gave a certificate for just that. */
    private boolean isByIssuer(BasicOCSPResp response, Subject subject) {
        if (policy.signature(response.getSignatureAlgorithmID(), subject.when()).isRefused()) {
            return false;
        }
        Optional<MailCertificate> delegate = Stream.of(response.getCerts())
                .map(MailCertificate::new)
                .filter(each -> isNamed(response, each))
                .filter(each -> isDelegate(each, subject))
                .findFirst();
        return (isNamed(response, subject.issuer()) && isSignedBy(response, subject.issuer()))
                || delegate.filter(each -> isSignedBy(response, each)).isPresent();
    }

    private static boolean isNamed(BasicOCSPResp response, MailCertificate responder) {
        ResponderID id = response.getResponderId().toASN1Primitive();
        byte[] keyHash = id.getKeyHash();
        return keyHash != null
                ? responder.isKeyHash(keyHash)
                : responder.holder().getSubject().equals(id.getName());
    }

    private static boolean isDelegate(MailCertificate responder, Subject subject) {
        ExtendedKeyUsage usage =
                ExtendedKeyUsage.fromExtensions(responder.holder().getExtensions());
        return usage != null
                && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
                && responder.isValidAt(subject.when())
                && responder
                        .holder()
                        .getIssuer()
                        .equals(subject.issuer().holder().getSubject())
                && subject.issuer().signed(responder);
    }

    private static boolean isSignedBy(BasicOCSPResp response, MailCertificate responder) {
        try {
            return response.isSignatureValid(new JcaContentVerifierProviderBuilder().build(responder.holder()));
        } catch (OperatorCreationException
                | CertificateException
                | OCSPException
                | RuntimeOperatorException unverifiable) {
            return false;
        }
    }

    private static RevocationState unknown(Cause cause, Question question, String what) {
        return new Unknown(cause, question.url() + " " + what);
    }
}
