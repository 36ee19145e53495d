package org.tokend.daemon.rejection;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.Wrapper;
import org.bouncycastle.crypto.engines.AESWrapEngine;
import org.bouncycastle.crypto.engines.DESedeWrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/** How a content key is wrapped with the agreed key (RFC 5753 §7.1.5): AES (RFC 3394), or Triple DES as old senders do. */
enum KeyWrap {
    AES_128(NISTObjectIdentifiers.id_aes128_wrap, 16),
    AES_192(NISTObjectIdentifiers.id_aes192_wrap, 24),
    AES_256(NISTObjectIdentifiers.id_aes256_wrap, 32),
    TRIPLE_DES(PKCSObjectIdentifiers.id_alg_CMS3DESwrap, 24);

    private final ASN1ObjectIdentifier identifier;
    private final int keyLength;

    KeyWrap(ASN1ObjectIdentifier identifier, int keyLength) {
        this.identifier = identifier;
        this.keyLength = keyLength;
    }

    static Optional<KeyWrap> of(ASN1ObjectIdentifier identifier) {
        return Arrays.stream(values())
                .filter(wrap -> wrap.identifier.equals(identifier))
                .findFirst();
    }

    int keyLength() {
        return keyLength;
    }

    byte[] unwrap(byte[] keyEncryptionKey, byte[] wrapped) throws InvalidCipherTextException {
        Wrapper engine = this == TRIPLE_DES ? new DESedeWrapEngine() : new AESWrapEngine();
        engine.init(false, new KeyParameter(keyEncryptionKey));
        return engine.unwrap(wrapped, 0, wrapped.length);
    }
}
