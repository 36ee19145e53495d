package org.tokend.smime.cms;

import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;

/** The content encryptions that are read. */
public enum ContentAlgorithm {
    AES_128_CBC("AES-128-CBC", NISTObjectIdentifiers.id_aes128_CBC, 16, Mode.CBC),
    AES_192_CBC("AES-192-CBC", NISTObjectIdentifiers.id_aes192_CBC, 24, Mode.CBC),
    AES_256_CBC("AES-256-CBC", NISTObjectIdentifiers.id_aes256_CBC, 32, Mode.CBC),
    /** Old mail is still to be read; nothing is encrypted with it any more. */
    TRIPLE_DES_CBC("3DES-CBC", PKCSObjectIdentifiers.des_EDE3_CBC, 24, Mode.CBC),
    AES_128_GCM("AES-128-GCM", NISTObjectIdentifiers.id_aes128_GCM, 16, Mode.GCM),
    AES_192_GCM("AES-192-GCM", NISTObjectIdentifiers.id_aes192_GCM, 24, Mode.GCM),
    AES_256_GCM("AES-256-GCM", NISTObjectIdentifiers.id_aes256_GCM, 32, Mode.GCM),
    /** RFC 8103. */
    CHACHA20_POLY1305(
            "ChaCha20-Poly1305", PKCSObjectIdentifiers.id_alg_AEADChaCha20Poly1305, 32, Mode.CHACHA20_POLY1305);

    enum Mode {
        CBC,
        GCM,
        CHACHA20_POLY1305
    }

    private final String displayName;
    private final ASN1ObjectIdentifier oid;
    private final int keyLength;
    private final Mode mode;

    ContentAlgorithm(String displayName, ASN1ObjectIdentifier oid, int keyLength, Mode mode) {
        this.displayName = displayName;
        this.oid = oid;
        this.keyLength = keyLength;
        this.mode = mode;
    }

    public static Optional<ContentAlgorithm> of(ASN1ObjectIdentifier oid) {
        for (ContentAlgorithm algorithm : values()) {
            if (algorithm.oid.equals(oid)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    public String displayName() {
        return displayName;
    }

    /** Whether the content proves that nobody changed it. */
    public boolean isAuthenticated() {
        return mode != Mode.CBC;
    }

    /** 3DES is only read; ChaCha20 nobody but us reads. */
    public boolean isWritten() {
        return this != TRIPLE_DES_CBC && mode != Mode.CHACHA20_POLY1305;
    }

    ASN1ObjectIdentifier oid() {
        return oid;
    }

    /** In bytes. */
    int keyLength() {
        return keyLength;
    }

    Mode mode() {
        return mode;
    }
}
