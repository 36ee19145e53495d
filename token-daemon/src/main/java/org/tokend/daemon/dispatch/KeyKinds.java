package org.tokend.daemon.dispatch;

import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.provision.NewKey;
import org.tokend.protocol.GenerateKey;

/** The wire's kinds of key in the bridge's words. */
final class KeyKinds {
    private KeyKinds() {}

    static NewKey wanted(GenerateKey request) {
        return switch (request.kind()) {
            case RSA_2048 -> key(KeyType.RSA, 2048, request);
            case RSA_3072 -> key(KeyType.RSA, 3072, request);
            case RSA_4096 -> key(KeyType.RSA, 4096, request);
            case P256 -> key(KeyType.P256, 256, request);
            case P384 -> key(KeyType.P384, 384, request);
            case P521 -> key(KeyType.P521, 521, request);
            case ED25519 -> key(KeyType.ED25519, 255, request);
        };
    }

    private static NewKey key(KeyType type, int bits, GenerateKey request) {
        return new NewKey(type, bits, request.label(), request.extractable());
    }
}
