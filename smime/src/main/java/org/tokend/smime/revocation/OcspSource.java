package org.tokend.smime.revocation;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchProblem;
import org.tokend.smime.fetch.FetchResult;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Unknown;

/** Asks OCSP responders (RFC 6960), with a nonce; an answer that names its end is kept until then. */
final class OcspSource {

    private static final int NONCE_LENGTH = 32;

    private final Fetcher fetcher;
    private final DocumentCache cache;
    private final OcspReader reader;
    private final SecureRandom random;

    OcspSource(Fetcher fetcher, DocumentCache cache, AlgorithmPolicy policy, SecureRandom random) {
        this.fetcher = fetcher;
        this.cache = cache;
        this.reader = new OcspReader(policy);
        this.random = random;
    }

    RevocationState ask(String url, Subject subject) {
        CertificateID id;
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] request;
        String key;
        try {
            id = id(subject);
            request = request(id, nonce);
            key = "ocsp " + url + " "
                    + HexFormat.of().formatHex(id.toASN1Primitive().getEncoded());
        } catch (IOException | OCSPException | OperatorCreationException unexpected) {
            return new Unknown(
                    Cause.BAD_ENCODING, "no request can be made for " + url + ": " + unexpected.getMessage());
        }
        // A kept answer was made for an older nonce; that it still counts is what its dates say.
        Optional<RevocationState> kept =
                cache.find(key).map(document -> reader.read(document, new OcspReader.Question(subject, id, null, url)));
        if (kept.isPresent() && !kept.get().isUnknown()) {
            return kept.get();
        }
        Optional<FetchProblem> recent = cache.recentFailure(key);
        FetchResult result = recent.isPresent()
                ? new FetchResult.Failed(recent.get(), "a moment ago")
                : fetcher.post(url, "application/ocsp-request", request, subject.budget());
        if (result instanceof FetchResult.Failed failed) {
            if (recent.isEmpty() && failed.problem() != FetchProblem.OFFLINE) {
                cache.keepFailure(key, failed.problem());
            }
            return new Unknown(
                    failed.problem() == FetchProblem.OFFLINE ? Cause.OFFLINE : Cause.UNREACHABLE,
                    url + ": " + failed.text());
        }
        byte[] document = ((FetchResult.Got) result).content();
        RevocationState state = reader.read(document, new OcspReader.Question(subject, id, nonce, url));
        if (state instanceof Good good && good.until() != null) {
            cache.keep(key, document);
        }
        return state;
    }

    /** SHA-1 names the issuer here and protects nothing; most responders know no other (RFC 5019 §2.1.1). */
    private static CertificateID id(Subject subject) throws OperatorCreationException, OCSPException {
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
        return new CertificateID(
                digests.get(CertificateID.HASH_SHA1),
                subject.issuer().holder(),
                subject.certificate().holder().getSerialNumber());
    }

    private static byte[] request(CertificateID id, byte[] nonce) throws OCSPException, IOException {
        // RFC 9654 §2.1: the value is an OCTET STRING inside the extension's own.
        Extension extension =
                new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce).getEncoded());
        return new OCSPReqBuilder()
                .addRequest(id)
                .setRequestExtensions(new Extensions(extension))
                .build()
                .getEncoded();
    }
}
