package org.tokend.pkcs11.cryptoki;

/** The two handles that C_GenerateKeyPair makes. */
public record KeyPairHandles(long publicKey, long privateKey) {}
