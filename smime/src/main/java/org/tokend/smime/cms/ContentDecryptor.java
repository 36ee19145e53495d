package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;

/** Decrypts one content piece by piece. What it writes is not trusted before {@link #finish} returned. */
interface ContentDecryptor {

    void update(byte[] bytes, int length, OutputStream out) throws IOException;

    /**
     * @param authenticatedAttributes DER of the SET OF, or empty
     * @param mac of AuthEnvelopedData, or empty
     * @throws DecryptionException if the content is not what was encrypted
     */
    void finish(byte[] authenticatedAttributes, byte[] mac, OutputStream out) throws IOException;
}
