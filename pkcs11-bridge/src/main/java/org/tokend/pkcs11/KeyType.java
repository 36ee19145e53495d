package org.tokend.pkcs11;

/** The kinds of key pair that the bridge can use. */
public enum KeyType {
    RSA,
    P256,
    P384,
    P521,
    ED25519
}
