package org.tokend.protocol;

import java.util.Optional;

/** The key pairs that a token can be asked to make. */
public enum KeyKind {
    RSA_2048("rsa-2048"),
    RSA_3072("rsa-3072"),
    RSA_4096("rsa-4096"),
    P256("p-256"),
    P384("p-384"),
    P521("p-521"),
    ED25519("ed25519");

    private final String wireName;

    KeyKind(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<KeyKind> ofWireName(String name) {
        for (KeyKind kind : values()) {
            if (kind.wireName.equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
