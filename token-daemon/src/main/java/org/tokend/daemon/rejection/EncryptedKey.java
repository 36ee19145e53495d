package org.tokend.daemon.rejection;

import org.tokend.protocol.Algorithm;

/** What a RecipientInfo holds for one recipient, decoded. */
public sealed interface EncryptedKey {

    Algorithm algorithm();

    /** KeyTransRecipientInfo (RFC 5652 §6.2.1). */
    record Transported(Algorithm algorithm, byte[] ciphertext) implements EncryptedKey {}

    /**
     * KeyAgreeRecipientInfo with an ephemeral key of the sender (RFC 5753 §3.1).
     *
     * @param publicKey the sender's SubjectPublicKeyInfo, DER, on the curve of the recipient's key
     * @param kdfHash JCA name of the hash of the X9.63 key derivation
     * @param sharedInfo DER of ECC-CMS-SharedInfo (RFC 5753 §7.2)
     */
    record Agreed(byte[] publicKey, String kdfHash, KeyWrap wrap, byte[] sharedInfo, byte[] wrappedKey)
            implements EncryptedKey {
        @Override
        public Algorithm algorithm() {
            return Algorithm.ECDH;
        }
    }
}
