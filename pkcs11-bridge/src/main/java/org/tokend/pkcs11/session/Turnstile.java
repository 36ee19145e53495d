package org.tokend.pkcs11.session;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Lets as many threads to a token as it may have sessions, in order of arrival; or one thread, and nobody beside it. */
final class Turnstile {
    private final int limit;
    private final Semaphore seats;
    private final ReentrantReadWriteLock quiet = new ReentrantReadWriteLock(true);
    private final AtomicInteger withheld = new AtomicInteger();

    Turnstile(int limit) {
        this.limit = limit;
        this.seats = new Semaphore(limit, true);
    }

    /** The right to use one session, held by the thread that got it. */
    final class Pass {
        private final Lock access;

        private Pass(Lock access) {
            this.access = access;
        }

        void giveBack() {
            access.unlock();
            seats.release();
        }

        /** The token has one session less than was thought: this seat is taken away. */
        void forfeit() {
            access.unlock();
            withheld.incrementAndGet();
        }
    }

    /**
     * @param deadline in the time of {@link System#nanoTime()}
     * @return null when it passes
     */
    @Nullable
    Pass enter(boolean alone, long deadline) {
        Lock access = alone ? quiet.writeLock() : quiet.readLock();
        try {
            if (seats.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                if (access.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return new Pass(access);
                }
                seats.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Gives the forfeited seats back: other programs may have held the sessions. */
    void restore() {
        seats.release(withheld.getAndSet(0));
    }

    boolean seatsLeft() {
        return seats.availablePermits() > 0;
    }

    int limit() {
        return limit - withheld.get();
    }

    /** Whether somebody is alone on the token. Does not wait. */
    boolean somebodyIsAlone() {
        boolean free = quiet.readLock().tryLock();
        if (free) {
            quiet.readLock().unlock();
        }
        return !free;
    }
}
