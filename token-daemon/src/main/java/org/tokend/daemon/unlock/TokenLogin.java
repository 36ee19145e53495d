package org.tokend.daemon.unlock;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.prompt.Withdrawal;

/** What is known of one token's login. Thread-safe. */
final class TokenLogin {
    /** Held while a person is asked about this token: one prompt at a time. */
    final ReentrantLock promptTurn = new ReentrantLock(true);

    private final Set<Withdrawal> open = ConcurrentHashMap.newKeySet();
    private @Nullable UnlockAttempt attempt;
    private volatile @Nullable LoginTime time;

    /** The attempt that is under way, or a new one, which {@code begin} starts. To be followed by {@link #leave}. */
    synchronized UnlockAttempt join(Consumer<UnlockAttempt> begin) {
        if (attempt == null) {
            attempt = new UnlockAttempt();
            open.add(attempt.withdrawal());
            begin.accept(attempt);
        }
        attempt.waiters++;
        return attempt;
    }

    /** The prompt goes off the screen with the last who waits for it; who comes later gets one of his own. */
    synchronized void leave(UnlockAttempt left) {
        left.waiters--;
        if (left.waiters == 0 && attempt == left) {
            attempt = null;
            left.withdrawal().withdraw();
        }
    }

    synchronized int waiters() {
        return attempt == null ? 0 : attempt.waiters;
    }

    synchronized void attemptEnded(UnlockAttempt ended) {
        open.remove(ended.withdrawal());
        if (attempt == ended) {
            attempt = null;
        }
    }

    Withdrawal openPrompt() {
        Withdrawal withdrawal = new Withdrawal();
        open.add(withdrawal);
        return withdrawal;
    }

    void promptEnded(Withdrawal withdrawal) {
        open.remove(withdrawal);
    }

    void withdrawPrompts() {
        open.forEach(Withdrawal::withdraw);
    }

    void began(LoginTime now) {
        time = now;
    }

    void ended() {
        time = null;
    }

    Optional<LoginTime> time() {
        return Optional.ofNullable(time);
    }
}
