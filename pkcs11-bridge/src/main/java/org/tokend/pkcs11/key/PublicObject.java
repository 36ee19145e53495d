package org.tokend.pkcs11.key;

import org.jspecify.annotations.Nullable;

/**
 * A public-key object or a certificate.
 *
 * @param certificate DER, null for a public-key object
 */
record PublicObject(byte[] id, String label, PublicKeyInfo key, byte @Nullable [] certificate) {
    boolean isCertificate() {
        return certificate != null;
    }
}
