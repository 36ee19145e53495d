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

    /** The attempt that is under way, or a new one, which {@code begin} starts. */
    synchronized UnlockAttempt join(Consumer<UnlockAttempt> begin) {
        if (attempt == null) {
            attempt = new UnlockAttempt();
            open.add(attempt.withdrawal());
            begin.accept(attempt);
        }
        return attempt;
    }

    synchronized void attemptEnded(UnlockAttempt ended) {
        open.remove(ended.withdrawal());
        attempt = null;
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
