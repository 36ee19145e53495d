package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** ChaCha20-Poly1305 (RFC 8103) by Bouncy Castle, which unlike the JDK's cipher streams. */
final class ChaChaDecryptor implements ContentDecryptor {

    private static final int TAG = 16;

    private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    private final byte[] plain = new byte[(1 << 16) + 128];

    ChaChaDecryptor(AlgorithmIdentifier identifier, byte[] key) throws DecryptionException {
        try {
            byte[] nonce =
                    ASN1OctetString.getInstance(identifier.getParameters()).getOctets();
            cipher.init(false, new AEADParameters(new KeyParameter(key), TAG * 8, nonce));
        } catch (IllegalArgumentException badParameters) {
            throw DecryptionException.failed();
        }
    }

    @Override
    public void update(byte[] bytes, int length, OutputStream out) throws IOException {
        int offset = 0;
        while (offset < length) {
            int count = Math.min(length - offset, 1 << 16);
            out.write(plain, 0, cipher.processBytes(bytes, offset, count, plain, 0));
            offset += count;
        }
    }

    /** Poly1305 takes the attributes before the content, and in a stream they come after it. */
    @Override
    public void finish(byte[] authenticatedAttributes, byte[] mac, OutputStream out) throws IOException {
        if (authenticatedAttributes.length > 0) {
            throw new DecryptionException(
                    DecryptionException.Reason.UNSUPPORTED,
                    "ChaCha20-Poly1305 with authenticated attributes is not supported");
        }
        if (mac.length != TAG) {
            throw DecryptionException.failed();
        }
        try {
            int count = cipher.processBytes(mac, 0, mac.length, plain, 0);
            count += cipher.doFinal(plain, count);
            out.write(plain, 0, count);
        } catch (InvalidCipherTextException wrongTag) {
            throw DecryptionException.failed();
        }
    }
}
