package org.tokend.pkcs11.application;

import java.util.concurrent.atomic.AtomicInteger;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** How many bytes of data the operations of one application keep. */
final class Quota {
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    Quota(int most) {
        this.most = most;
    }

    void take(int bytes) throws CryptokiException {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            throw Refusal.of(CKR.HOST_MEMORY);
        }
    }

    void giveBack(int bytes) {
        taken.addAndGet(-bytes);
    }
}
