package org.tokend.pkcs11.rpc;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Calls that name one session run in the order in which they came. Who finds a session in use leaves the call here; whoever
 * uses the session takes it from here afterwards. Used under the lock of the connection.
 */
final class SessionTurns {
    private static final int MOST_WAITING = 1024;

    /** Before the last one, which may be of any size. */
    private static final long MOST_BYTES = 1 << 20;

    private final Map<Long, Queue<Station>> inUse = new HashMap<>();
    private int waiting;
    private long waitingBytes;

    boolean isInUse(long session) {
        return inUse.containsKey(session);
    }

    void begin(long session) {
        inUse.put(session, new ArrayDeque<>(0));
    }

    void leave(long session, Station call) {
        Queue<Station> queue = inUse.get(session);
        if (queue == null) {
            throw new IllegalStateException("the session is not in use");
        }
        queue.add(call);
        waiting++;
        waitingBytes += call.length();
    }

    /** @return the call that is next in the session, which stays in use; null when there is none and the session is free */
    @Nullable
    Station next(long session) {
        Queue<Station> queue = inUse.get(session);
        Station next = queue == null ? null : queue.poll();
        if (next == null) {
            inUse.remove(session);
        } else {
            waiting--;
            waitingBytes -= next.length();
        }
        return next;
    }

    /** Whether so much waits that no more is to be read. */
    boolean isFull() {
        return waiting >= MOST_WAITING || waitingBytes >= MOST_BYTES;
    }
}
