package org.tokend.smime.authority;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.TokenKeys;

/** Sends what is to be signed whole: tokend reads it before a CA's key signs it. */
final class CaSigner implements ContentSigner {

    private final TokenKeys keys;
    private final KeyDescription key;
    private final SignatureScheme scheme;
    private final Sign.Kind kind;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    CaSigner(TokenKeys keys, KeyDescription key, Sign.Kind kind) throws AuthorityException {
        this.keys = keys;
        this.key = key;
        this.scheme = CaKey.scheme(key);
        this.kind = kind;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return scheme.identifier();
    }

    @Override
    public OutputStream getOutputStream() {
        content.reset();
        return content;
    }

    @Override
    public byte[] getSignature() {
        return keys.sign(new Sign(key.fingerprint(), scheme.algorithm(), kind, content.toByteArray(), ""));
    }
}
