package org.tokend.pkcs11.linux;

import org.jspecify.annotations.Nullable;

/** Whether one connection has all the attention. Thread-safe; a count that is a little off does no harm. */
public final class Crowd {
    /** So many requests of one connection, with none of another between them. */
    private static final int ALONE_AFTER = 8;

    private volatile @Nullable Object last;
    private volatile int inARow;

    /** Asked before each request. */
    public boolean isOneFor(Object connection) {
        if (last != connection) {
            last = connection;
            inARow = 0;
            return false;
        }
        int sofar = inARow;
        if (sofar < ALONE_AFTER) {
            inARow = sofar + 1;
            return false;
        }
        return true;
    }

    /** It has ended. */
    public void left(Object connection) {
        if (last == connection) {
            last = null;
        }
    }
}
