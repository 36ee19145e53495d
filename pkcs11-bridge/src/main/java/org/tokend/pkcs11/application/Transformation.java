package org.tokend.pkcs11.application;

import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** An operation that takes data in parts and gives its result at the end: signing, digesting, encrypting, decrypting. */
interface Transformation extends Operation {
    void update(byte[] part) throws CryptokiException;

    byte[] finish() throws CryptokiException, TokenException;

    /** Most bytes that {@link #finish} can return. */
    int bound();
}
