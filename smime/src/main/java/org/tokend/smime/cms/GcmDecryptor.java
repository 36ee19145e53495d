package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * AES-GCM (RFC 5084) by Bouncy Castle, because the JDK's cipher holds the whole content until the tag is checked. The tag
 * must have the length that the parameters declare, and at least 96 bits (RFC 5084 §3.2): a shorter one is forged quickly.
 */
final class GcmDecryptor implements ContentDecryptor {

    private static final int MIN_TAG = 12;
    private static final int MAX_TAG = 16;

    private final GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    private final byte[] plain = new byte[(1 << 16) + 32];
    private final int tagLength;

    GcmDecryptor(AlgorithmIdentifier identifier, byte[] key) throws DecryptionException {
        try {
            GCMParameters parameters = GCMParameters.getInstance(identifier.getParameters());
            tagLength = parameters.getIcvLen();
            if (tagLength < MIN_TAG || tagLength > MAX_TAG) {
                throw DecryptionException.failed();
            }
            cipher.init(false, new AEADParameters(new KeyParameter(key), tagLength * 8, parameters.getNonce()));
        } catch (IllegalArgumentException | ArithmeticException badParameters) {
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

    /** The attributes stand behind the content, and GHASH lets them be added late. */
    @Override
    public void finish(byte[] authenticatedAttributes, byte[] mac, OutputStream out) throws IOException {
        if (mac.length != tagLength) {
            throw DecryptionException.failed();
        }
        try {
            cipher.processAADBytes(authenticatedAttributes, 0, authenticatedAttributes.length);
            int count = cipher.processBytes(mac, 0, mac.length, plain, 0);
            count += cipher.doFinal(plain, count);
            out.write(plain, 0, count);
        } catch (InvalidCipherTextException wrongTag) {
            throw DecryptionException.failed();
        }
    }
}
