package org.tokend.daemon.pkcs12;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a PKCS#12 file of a person holds: one key pair and its certificates.
 *
 * @param name friendlyName, may be empty
 * @param chain the key's own certificate first; never empty
 */
public record KeyFile(PrivateKey key, List<X509Certificate> chain, String name) {
    public KeyFile {
        chain = List.copyOf(chain);
    }

    /** SubjectPublicKeyInfo, DER. */
    public byte[] publicKey() {
        return chain.getFirst().getPublicKey().getEncoded();
    }

    @Override
    public String toString() {
        return "KeyFile[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
