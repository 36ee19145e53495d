package org.tokend.pkcs11.token;

import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Whether a call ran into its deadline: then the request has used up its time. */
final class Timeouts {
    private Timeouts() {}

    static boolean is(CryptokiException e) {
        return e instanceof ConnectionLostException lost && lost.deadlinePassed();
    }
}
