package org.tokend.daemon.prompt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets one prompt at a time onto a terminal: two that read the same keys would each get half of a PIN. */
final class TerminalTurns {
    private final Map<Path, Semaphore> turns = new ConcurrentHashMap<>();

    /** @return what gives the turn back, or null when it did not come in time */
    @org.jspecify.annotations.Nullable
    Runnable take(Path terminal, Duration wait) {
        Semaphore turn = turns.computeIfAbsent(terminal, path -> new Semaphore(1, true));
        try {
            return turn.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS) ? turn::release : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
