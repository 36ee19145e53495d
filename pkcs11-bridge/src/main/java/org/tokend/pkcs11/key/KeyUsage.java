package org.tokend.pkcs11.key;

/** What the attributes of a private key allow: CKA_SIGN, CKA_DECRYPT, CKA_DERIVE. An attribute that is not there allows. */
public record KeyUsage(boolean sign, boolean decrypt, boolean derive) {
    static final KeyUsage ANY = new KeyUsage(true, true, true);
}
