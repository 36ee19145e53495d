package org.tokend.daemon.token;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets a number of threads in at a time. Those who wait get their turn in order of arrival within one group, and the groups
 * take turns, so that a program with a hundred requests does not starve one with a single request. No thread hand-offs.
 */
final class FairGate {
    private final int maxWaiting;
    private int free;
    private int waiting;

    /** Groups with somebody who waits; the first is served next. */
    private final LinkedHashMap<Object, Deque<Waiter>> groups = new LinkedHashMap<>();

    FairGate(int places, int maxWaiting) {
        this.free = places;
        this.maxWaiting = maxWaiting;
    }

    enum Outcome {
        IN,
        TOO_MANY,
        TOO_LATE
    }

    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        volatile boolean in;
    }

    /** @param deadline System.nanoTime() after which waiting is given up */
    Outcome enter(Object group, long deadline) throws InterruptedException {
        Waiter waiter;
        synchronized (this) {
            if (free > 0) {
                free--;
                return Outcome.IN;
            }
            if (waiting >= maxWaiting) {
                return Outcome.TOO_MANY;
            }
            waiting++;
            waiter = new Waiter();
            groups.computeIfAbsent(group, key -> new ArrayDeque<>()).add(waiter);
        }
        while (!waiter.in) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || Thread.interrupted()) {
                return giveUp(group, waiter, left <= 0);
            }
            LockSupport.parkNanos(this, left);
        }
        return Outcome.IN;
    }

    private synchronized Outcome giveUp(Object group, Waiter waiter, boolean tooLate) throws InterruptedException {
        if (waiter.in) {
            if (!tooLate) {
                Thread.currentThread().interrupt();
            }
            return Outcome.IN;
        }
        Deque<Waiter> queue = groups.get(group);
        if (queue != null && queue.remove(waiter) && queue.isEmpty()) {
            groups.remove(group);
        }
        waiting--;
        if (!tooLate) {
            throw new InterruptedException("interrupted while waiting for a token");
        }
        return Outcome.TOO_LATE;
    }

    void leave() {
        Waiter next;
        synchronized (this) {
            next = takeNext();
            if (next == null) {
                free++;
                return;
            }
            next.in = true;
        }
        LockSupport.unpark(next.thread);
    }

    private @Nullable Waiter takeNext() {
        Map.@Nullable Entry<Object, Deque<Waiter>> first = groups.pollFirstEntry();
        if (first == null) {
            return null;
        }
        Waiter next = first.getValue().remove();
        if (!first.getValue().isEmpty()) {
            groups.put(first.getKey(), first.getValue());
        }
        waiting--;
        return next;
    }

    synchronized int waiting() {
        return waiting;
    }
}
