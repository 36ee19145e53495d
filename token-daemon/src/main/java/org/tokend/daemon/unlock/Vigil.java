package org.tokend.daemon.unlock;

import java.time.Duration;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.Withdrawal;

/** Takes a prompt off the screen when the one program that waits for its answer is gone. Closed when the prompt has ended. */
final class Vigil implements AutoCloseable {
    /** How long a prompt may stand there for nobody. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private final Thread thread;

    Vigil(EventSink waiting, Withdrawal withdrawal) {
        thread = Thread.ofVirtual().name("vigil").start(() -> watch(waiting, withdrawal));
    }

    private static void watch(EventSink waiting, Withdrawal withdrawal) {
        try {
            while (!waiting.gone()) {
                Thread.sleep(INTERVAL);
            }
            withdrawal.withdraw();
        } catch (InterruptedException e) {
            // The prompt was faster.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
