package org.tokend.pkcs11.rpc;

import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

/**
 * {@code uMu}: the Init functions, which name a mechanism and a key.
 *
 * @param flag of the operation, for C_SessionCancel
 */
record OperationStart(long flag, Function function) implements Handler {
    interface Function {
        void apply(Cryptoki cryptoki, long session, Mechanism mechanism, long key) throws CryptokiException;
    }

    @Override
    public void handle(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        Mechanism mechanism = x.mechanismOrCancel(Long.BYTES);
        x.held().drop(session);
        if (mechanism == null) {
            x.cryptoki().sessionCancel(session, flag);
        } else {
            function.apply(x.cryptoki(), session, mechanism, x.in().u64());
        }
        x.reply();
    }
}
