package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** CBC with PKCS#7 padding (RFC 5652 §6.3), by the JDK's ciphers. */
final class CbcDecryptor implements ContentDecryptor {

    private final Cipher cipher;
    private byte[] plain = {};

    CbcDecryptor(ContentAlgorithm algorithm, AlgorithmIdentifier identifier, byte[] key) throws DecryptionException {
        boolean aes = algorithm != ContentAlgorithm.TRIPLE_DES_CBC;
        try {
            byte[] iv = ASN1OctetString.getInstance(identifier.getParameters()).getOctets();
            cipher = Cipher.getInstance(aes ? "AES/CBC/PKCS5Padding" : "DESede/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, aes ? "AES" : "DESede"), new IvParameterSpec(iv));
        } catch (GeneralSecurityException | IllegalArgumentException badParameters) {
            throw DecryptionException.failed();
        }
    }

    @Override
    public void update(byte[] bytes, int length, OutputStream out) throws IOException {
        try {
            int room = cipher.getOutputSize(length);
            if (plain.length < room) {
                plain = new byte[room];
            }
            out.write(plain, 0, cipher.update(bytes, 0, length, plain, 0));
        } catch (ShortBufferException impossible) {
            throw new IllegalStateException("the cipher writes more than it says", impossible);
        }
    }

    @Override
    public void finish(byte[] authenticatedAttributes, byte[] mac, OutputStream out) throws IOException {
        try {
            out.write(cipher.doFinal());
        } catch (GeneralSecurityException wrongPaddingOrLength) {
            throw DecryptionException.failed();
        }
    }
}
