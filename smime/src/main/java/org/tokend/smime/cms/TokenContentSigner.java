package org.tokend.smime.cms;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.tokend.protocol.Sign;

/**
 * Bouncy Castle's {@link ContentSigner} with the key on a token: what is written here is hashed here, and only the digest
 * goes to tokend; for Ed25519 it is the message, which in CMS is the DER of the signed attributes. What tokend refuses comes
 * out of {@link #getSignature} as {@link org.tokend.client.TokenClientException}.
 */
public final class TokenContentSigner implements ContentSigner {

    private final TokenKeys keys;
    private final String key;
    private final SignatureScheme scheme;
    private final String purpose;
    private final MessageDigest digest;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** @param key {@code pkcs11:} URI or {@code sha256:} fingerprint */
    public TokenContentSigner(TokenKeys keys, String key, SignatureScheme scheme, String purpose) {
        this.keys = keys;
        this.key = key;
        this.scheme = scheme;
        this.purpose = purpose;
        this.digest = Digests.forSmall(scheme.hash().jcaName());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return scheme.identifier();
    }

    @Override
    public OutputStream getOutputStream() {
        message.reset();
        digest.reset();
        return signsMessage() ? message : new DigestOutputStream(OutputStream.nullOutputStream(), digest);
    }

    private boolean signsMessage() {
        return scheme.algorithm().digestLength() == 0;
    }

    @Override
    public byte[] getSignature() {
        byte[] input = signsMessage() ? message.toByteArray() : digest.digest();
        return keys.sign(new Sign(key, scheme.algorithm(), Sign.Kind.DIGEST, input, purpose));
    }
}
