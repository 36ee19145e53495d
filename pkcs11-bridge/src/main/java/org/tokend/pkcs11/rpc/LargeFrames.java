package org.tokend.pkcs11.rpc;

import java.util.concurrent.atomic.AtomicLong;
import org.tokend.pkcs11.cryptoki.CKR;

/**
 * The memory that frames of many connections take together, as far as they are large. Small ones, which nearly all are, find room always.
 * Thread-safe.
 */
final class LargeFrames {
    /** A buffer of this size is for nobody but its connection. */
    static final long SMALL = 64 << 10;

    private final AtomicLong left;

    LargeFrames(long most) {
        this.left = new AtomicLong(most);
    }

    /** For connections whose other end is trusted. */
    static LargeFrames unbounded() {
        return new LargeFrames(Long.MAX_VALUE);
    }

    /**
     * For a buffer of this size; nothing for a small one.
     *
     * @throws WireFormatException CKR_HOST_MEMORY, and nothing is taken
     */
    void take(long bytes) throws WireFormatException {
        if (bytes > SMALL && left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            throw new WireFormatException("all memory for large frames is in use", CKR.HOST_MEMORY);
        }
    }

    void giveBack(long bytes) {
        if (bytes > SMALL) {
            left.addAndGet(bytes);
        }
    }
}
