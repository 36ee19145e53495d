package org.tokend.protocol;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that frames of many streams take together, as far as they are longer than most; those find room always. Thread-safe.
 */
public final class FrameRoom {
    /** In bytes; a buffer of this size is for nobody but its stream. */
    static final int OWN = 16 * 1024;

    private final AtomicLong left;

    /** @param bytes for all streams together */
    public FrameRoom(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    static FrameRoom unbounded() {
        return new FrameRoom(Long.MAX_VALUE);
    }

    void take(int bytes) throws FrameException.NoRoom {
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            throw new FrameException.NoRoom();
        }
    }

    void giveBack(int bytes) {
        left.addAndGet(bytes);
    }
}
