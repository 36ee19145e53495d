package org.tokend.smime.testing;

import static org.tokend.smime.testing.Authority.NOW;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.MailCertificate;

/** An OCSP responder that can be told to answer badly. */
public final class Responder {

    private static final Duration HOUR = Duration.ofHours(1);

    /** How it answers. */
    public enum Answer {
        GOOD,
        REVOKED,
        UNKNOWN,
        STALE,
        OLD_NONCE,
        NO_NONCE,
        REFUSED,
        GARBAGE
    }

    private final MailCertificate certificate;
    private final KeyPair keys;

    public Responder(MailCertificate certificate, TestKey key) {
        this.certificate = certificate;
        this.keys = key.keyPair();
    }

    public byte[] answer(byte[] question, Answer how) {
        try {
            if (how == Answer.GARBAGE) {
                return "no".getBytes(StandardCharsets.US_ASCII);
            }
            if (how == Answer.REFUSED) {
                return new OCSPRespBuilder()
                        .build(OCSPRespBuilder.UNAUTHORIZED, null)
                        .getEncoded();
            }
            return signed(new OCSPReq(question), how);
        } catch (IOException | OCSPException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signed(OCSPReq request, Answer how) throws OCSPException, OperatorCreationException, IOException {
        BasicOCSPRespBuilder builder =
                new BasicOCSPRespBuilder(new RespID(certificate.holder().getSubject()));
        Instant end = how == Answer.STALE ? NOW.minus(HOUR) : NOW.plus(HOUR);
        CertificateStatus status = switch (how) {
            case REVOKED -> new RevokedStatus(Date.from(NOW.minus(HOUR)), 1);
            case UNKNOWN -> new UnknownStatus();
            default -> CertificateStatus.GOOD;
        };
        builder.addResponse(
                request.getRequestList()[0].getCertID(),
                status,
                Date.from(NOW.minus(HOUR.multipliedBy(2))),
                Date.from(end),
                null);
        Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (how == Answer.OLD_NONCE) {
            nonce = new Extension(
                    OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(new byte[32]).getEncoded());
        }
        if (how != Answer.NO_NONCE) {
            builder.setResponseExtensions(new Extensions(nonce));
        }
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()),
                                new X509CertificateHolder[] {certificate.holder()},
                                Date.from(NOW)))
                .getEncoded();
    }
}
