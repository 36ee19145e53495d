package org.tokend.pkcs11.rpc;

import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** {@code uayfy}: the functions that take bytes and return bytes. */
record Transformation(Function function) implements Handler {
    interface Function {
        byte[] apply(Cryptoki cryptoki, long session, byte[] data) throws CryptokiException;
    }

    @Override
    public void handle(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        byte[] data = x.in().data();
        x.replyOutput(session, data, () -> function.apply(x.cryptoki(), session, data));
    }
}
