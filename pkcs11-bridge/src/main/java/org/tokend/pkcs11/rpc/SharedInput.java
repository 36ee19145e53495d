package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What has come over a shared socket for one connection. One thread puts, another takes. */
final class SharedInput {
    private static final int USUAL = 512;

    /** More than the longest signature there is (SLH-DSA, 49,856 bytes). */
    private static final int MOST = 1 << 16;

    private byte[] bytes = new byte[USUAL];
    private int start;
    private int end;
    private boolean expected;
    private boolean ended;

    /** Whether taking would not wait. */
    private volatile boolean ready;

    private volatile @Nullable Thread waiting;

    /** Something may come from now on. @throws IOException when something has come that was not asked for */
    synchronized void expect() throws IOException {
        if (start < end) {
            throw unasked();
        }
        expected = true;
    }

    /** @throws IOException when nothing is expected, or not so much */
    void put(MemorySegment more) throws IOException {
        synchronized (this) {
            int length = (int) more.byteSize();
            if (!expected || end + length > MOST) {
                throw unasked();
            }
            if (end + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + length));
            }
            MemorySegment.copy(more, ValueLayout.JAVA_BYTE, 0, bytes, end, length);
            end += length;
            ready = ended || start < end;
        }
        LockSupport.unpark(waiting);
    }

    private static IOException unasked() {
        return new IOException("more has come than was asked for");
    }

    /** Nothing will come any more. */
    void end() {
        synchronized (this) {
            ended = true;
            ready = true;
        }
        LockSupport.unpark(waiting);
    }

    boolean isReady() {
        return ready;
    }

    /**
     * Waits for at least one byte.
     *
     * @param millis at most so long; 0 is for ever
     * @return how many came, or -1 when no more will
     * @throws SocketTimeoutException when none came in time
     */
    long take(MemorySegment into, long millis) throws IOException {
        if (!ready) {
            await(millis);
        }
        return takeNow(into);
    }

    /** @return how many bytes are taken; 0 when none are there; -1 when none will be */
    synchronized long takeNow(MemorySegment into) {
        if (start == end) {
            return ended ? -1 : 0;
        }
        int count = (int) Math.min(into.byteSize(), end - start);
        MemorySegment.copy(bytes, start, into, ValueLayout.JAVA_BYTE, 0, count);
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
            ready = ended;
        }
        return count;
    }

    private void await(long millis) throws SocketTimeoutException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        waiting = Thread.currentThread();
        try {
            while (!ready) {
                if (millis == 0) {
                    LockSupport.park(this);
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new SocketTimeoutException("a reply was waited for in vain");
                    }
                    LockSupport.parkNanos(this, left);
                }
                // Nobody waits with an interrupt pending; a read of a socket does not end by one either.
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiting = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
