package org.tokend.daemon.event;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Reply;

/** The events of one subscriber, bounded: a reader that does not keep up loses the oldest, never holds up the daemon. */
public final class Subscription implements AutoCloseable {
    private static final int CAPACITY = 256;

    private final BlockingQueue<Reply.Event> events = new ArrayBlockingQueue<>(CAPACITY);
    private final Consumer<Subscription> onClose;

    Subscription(Consumer<Subscription> onClose) {
        this.onClose = onClose;
    }

    void offer(Reply.Event event) {
        while (!events.offer(event)) {
            events.poll();
        }
    }

    /** The next event, or null when none came within the time. */
    public Reply.@Nullable Event next(Duration wait) throws InterruptedException {
        return events.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        onClose.accept(this);
    }
}
