package org.tokend.pkcs11.rpc;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The sessions of a module in which a function is being called that nobody waits for. Whoever has another call for one of them may
 * come over another connection, and a session is for one thread at a time (PKCS#11 v3.1 §5.6.1).
 */
public final class AheadSessions {
    private final Set<Long> busy = new HashSet<>();

    /** How many there are, for a look without the monitor. */
    private volatile int count;

    synchronized void begin(long session) {
        busy.add(session);
        count = busy.size();
    }

    synchronized void end(long session) {
        busy.remove(session);
        count = busy.size();
        notifyAll();
    }

    /** Waits until the session is free; for a call to all sessions, until all are. */
    void await(Call call, MessageReader body) {
        if (count == 0) {
            return;
        }
        if (call == Call.CLOSE_ALL_SESSIONS) {
            await(busy);
        } else {
            await(Set.of(CallTarget.session(call, body)));
        }
    }

    private synchronized void await(Set<Long> sessions) {
        while (!Collections.disjoint(busy, sessions)) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts a thread of a module host", e);
            }
        }
    }
}
