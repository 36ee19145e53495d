package org.tokend.pkcs11.cryptoki;

/** The functions whose caller may ask for the length of the output first (PKCS#11 v3.1 §5.2). */
public enum OutputKind {
    ENCRYPT,
    ENCRYPT_UPDATE,
    ENCRYPT_FINAL,
    DECRYPT,
    DECRYPT_UPDATE,
    DECRYPT_FINAL,
    DIGEST,
    DIGEST_FINAL,
    SIGN,
    SIGN_FINAL
}
