package org.tokend.daemon.unlock;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.Withdrawal;
import org.tokend.pkcs11.TokenException;
import org.tokend.protocol.ErrorCode;

/**
 * One prompt and everybody who waits for it. It runs on a thread of its own, so that it outlives the request that began it for as
 * long as others wait.
 */
final class UnlockAttempt {
    private final Withdrawal withdrawal = new Withdrawal();
    private final SharedSink waiting = new SharedSink();
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();

    /** How many requests wait; guarded by the token's login. */
    int waiters;

    Withdrawal withdrawal() {
        return withdrawal;
    }

    EventSink waiting() {
        return waiting;
    }

    void succeeded() {
        outcome.complete(null);
    }

    void failed(Throwable cause) {
        outcome.completeExceptionally(cause);
    }

    /** Waits for the outcome, which is the same for all who wait. */
    void await(EventSink events, Duration limit) throws UnlockException, TokenException {
        waiting.add(events);
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!isOver(events)) {
                if (System.nanoTime() - end >= 0) {
                    throw new UnlockException(ErrorCode.PROMPT_TIMEOUT, "the prompt did not end in time; ask again");
                }
            }
        } catch (ExecutionException e) {
            rethrow(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnlockException(ErrorCode.SHUTTING_DOWN, "tokend is going down; ask again when it is back");
        } finally {
            waiting.remove(events);
        }
    }

    /** Waits for a moment. */
    private boolean isOver(EventSink events) throws ExecutionException, InterruptedException, UnlockException {
        try {
            outcome.get(Vigil.INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            if (events.gone()) {
                throw new UnlockException(ErrorCode.PROMPT_CANCELLED, "the program that asked has hung up");
            }
            return false;
        }
    }

    private static void rethrow(Throwable cause) throws UnlockException, TokenException {
        switch (cause) {
            case UnlockException e -> throw new UnlockException(e.code(), String.valueOf(e.getMessage()));
            case TokenException e -> throw e;
            default -> throw new IllegalStateException("unlocking failed", cause);
        }
    }
}
