package org.tokend.pkcs11.object;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers for objects, none of them used twice while the daemon lives. One for all modules. Thread-safe. */
public final class ObjectIds {
    private final AtomicLong last = new AtomicLong();

    long next() {
        return last.incrementAndGet();
    }
}
