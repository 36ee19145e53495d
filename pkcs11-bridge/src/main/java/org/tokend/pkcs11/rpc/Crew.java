package org.tokend.pkcs11.rpc;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one connection. At any time at most one of them leads: it reads. Before a call that takes long it lets
 * another one lead and runs the call itself, so that nothing is handed from thread to thread but the turn to read. The thread
 * that serves the connection is its owner: it is there for as long as the connection is, the others come from a pool.
 */
final class Crew {
    /** Of one connection, so that it cannot use up the pool of all. */
    private static final int MOST_RUNNING = 128;

    private final CallWorkers workers;
    private final Runnable leading;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ownersTurn = lock.newCondition();
    private final Condition changed = lock.newCondition();
    private final SessionTurns turns = new SessionTurns();
    private final Set<Thread> awaitingEvents = new HashSet<>();
    private boolean vacant;
    private boolean ownerWaits;
    private boolean ended;
    private int coming;

    /** Threads that run a call and do not lead. Read without the lock by the leader, which alone can make it more than 0. */
    private volatile int running;

    /** @param leading what a thread of the pool does when it leads */
    Crew(CallWorkers workers, Runnable leading) {
        this.workers = workers;
        this.leading = leading;
    }

    boolean anyRunning() {
        return running > 0;
    }

    /** Whether calls run whose end can be awaited; those that wait for events may never end. */
    boolean isBusy() {
        if (running == 0) {
            return false;
        }
        lock.lock();
        try {
            return running > awaitingEvents.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * For the leader: leaves a call to whoever uses its session, when somebody does. Waits while too many are left so.
     *
     * @return whether it has been left
     */
    boolean leaveToUserOf(long session, FrameReader.Frame frame) throws WireFormatException {
        if (session == CallTarget.NO_SESSION || running == 0) {
            return false;
        }
        lock.lock();
        try {
            while (turns.isInUse(session) && turns.isFull()) {
                changed.awaitUninterruptibly();
            }
            if (!turns.isInUse(session)) {
                return false;
            }
            Station station = workers.takeStation();
            try {
                station.take(frame);
            } catch (WireFormatException e) {
                workers.giveBack(station);
                throw e;
            }
            turns.leave(session, station);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * For the leader that is about to run a call itself: somebody else is to lead. When no thread can be had, whoever is the
     * first to end a call leads.
     */
    void letOtherLead(long session, boolean event) {
        lock.lock();
        try {
            if (session != CallTarget.NO_SESSION) {
                turns.begin(session);
            }
            if (event) {
                awaitingEvents.add(Thread.currentThread());
            }
            running++;
            vacant = true;
            if (ownerWaits) {
                ownersTurn.signal();
                return;
            }
            if (coming > 0 || running > MOST_RUNNING) {
                return;
            }
            coming++;
        } finally {
            lock.unlock();
        }
        if (!workers.start(this::come)) {
            lock.lock();
            coming--;
            lock.unlock();
        }
    }

    private void come() {
        lock.lock();
        try {
            coming--;
            if (!vacant || ended) {
                return;
            }
            vacant = false;
        } finally {
            lock.unlock();
        }
        leading.run();
    }

    /** @return the next call of the session that the caller used, or null when there is none */
    @Nullable
    Station next(long session) {
        if (session == CallTarget.NO_SESSION) {
            return null;
        }
        lock.lock();
        try {
            Station next = turns.next(session);
            if (next != null) {
                changed.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The caller ran a call and has none left. @return whether it leads now */
    boolean done(boolean event) {
        lock.lock();
        try {
            if (event) {
                awaitingEvents.remove(Thread.currentThread());
                // The call was told to give up, maybe after it had ended by itself.
                Thread.interrupted();
            }
            running--;
            changed.signalAll();
            if (ended) {
                ownersTurn.signal();
            }
            boolean leads = vacant && !ended;
            vacant = vacant && !leads;
            return leads;
        } finally {
            lock.unlock();
        }
    }

    /** For the leader: waits until no call runs; those that wait for events are told to give up. */
    void awaitQuiet() {
        lock.lock();
        try {
            awaitingEvents.forEach(Thread::interrupt);
            while (running > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** For a leader from the pool, when nothing has come for long: the owner can wait just as well. */
    boolean leaveToOwner() {
        lock.lock();
        try {
            if (!ownerWaits || running > 0) {
                return false;
            }
            vacant = true;
            ownersTurn.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** For the leader: nothing will be read any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            vacant = false;
            awaitingEvents.forEach(Thread::interrupt);
            ownersTurn.signal();
        } finally {
            lock.unlock();
        }
    }

    /** For the owner. @return true when it leads; false when the connection has ended and no call of it runs any more */
    boolean awaitTurn() {
        lock.lock();
        try {
            while (!vacant && !(ended && running == 0)) {
                ownerWaits = true;
                ownersTurn.awaitUninterruptibly();
                ownerWaits = false;
            }
            boolean leads = vacant;
            vacant = false;
            return leads;
        } finally {
            lock.unlock();
        }
    }
}
