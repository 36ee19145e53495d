package org.tokend.pkcs11.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which sessions of a token are open. Not thread-safe: its pool's lock guards it. */
final class SessionShelf {
    private final Deque<Long> idle = new ArrayDeque<>();

    /** Of generations that have ended; still open in the module's start noted in {@code retiredIn}. */
    private final List<Long> retired = new ArrayList<>();

    private final SigningRun run;
    private long retiredIn;
    private int open;
    private int leased;

    SessionShelf(Duration pause) {
        this.run = new SigningRun(pause);
    }

    /** A generation begins with its first session. */
    void begin(long session) {
        idle.add(session);
        open = 1;
    }

    /** The generation ends: its idle sessions retire, those that are leased no longer count. */
    void end(long moduleGeneration) {
        for (Long session : idle) {
            retire(session, moduleGeneration);
        }
        idle.clear();
        for (Long session : run.takeAll()) {
            retire(session, moduleGeneration);
        }
        open = 0;
    }

    SigningRun run() {
        return run;
    }

    /** @return null when none is idle */
    @Nullable
    Long take() {
        return idle.pollLast();
    }

    void add(long session) {
        idle.add(session);
    }

    /** @return false when the session has to be closed instead */
    boolean add(long session, boolean begun, long ofRun) {
        if (begun) {
            return run.begin(session, ofRun);
        }
        add(session);
        return true;
    }

    void addOpened(long session) {
        add(session);
        open++;
    }

    /** @return a session in which something has begun, to be closed now; null when there is none */
    @Nullable
    Long takeUnneeded() {
        return closing(run.takeUnneeded());
    }

    private @Nullable Long closing(@Nullable Long session) {
        if (session != null) {
            open--;
        }
        return session;
    }

    void closing() {
        open--;
    }

    /** Sessions of the present generation, leased or idle. */
    int open() {
        return open;
    }

    /** @param opened one that has just been opened for it, in the present generation */
    void lent(boolean opened) {
        leased++;
        open += opened ? 1 : 0;
    }

    void returned() {
        leased--;
    }

    /** Sessions of any generation that somebody holds. */
    int leased() {
        return leased;
    }

    void retire(long session, long moduleGeneration) {
        if (moduleGeneration != retiredIn) {
            retired.clear(); // Their host is gone, and they with it.
            retiredIn = moduleGeneration;
        }
        retired.add(session);
    }

    /** All that are open and that nobody holds, whatever their generation. */
    List<Long> takeAll(long moduleGeneration) {
        List<Long> all = new ArrayList<>(takeRetired(moduleGeneration, 0));
        all.addAll(idle);
        all.addAll(run.takeAll());
        idle.clear();
        open = 0;
        return all;
    }

    List<Long> takeRetired(long moduleGeneration, int butFor) {
        if (moduleGeneration != retiredIn) {
            retired.clear();
        }
        List<Long> oldest = retired.subList(0, Math.max(0, retired.size() - butFor));
        List<Long> taken = List.copyOf(oldest);
        oldest.clear();
        return taken;
    }
}
