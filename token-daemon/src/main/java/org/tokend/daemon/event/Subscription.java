package org.tokend.daemon.event;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Reply;

/** The events of one subscriber, bounded: a reader that does not keep up is cut off, never holds up the daemon. */
public final class Subscription implements AutoCloseable {
    private static final int CAPACITY = 256;

    private final BlockingQueue<Reply.Event> events = new ArrayBlockingQueue<>(CAPACITY);
    private final Consumer<Subscription> onClose;
    private volatile boolean cut;

    Subscription(Consumer<Subscription> onClose) {
        this.onClose = onClose;
    }

    /** An event that would not fit ends the subscription: a stream with a hole in it would mislead. */
    void offer(Reply.Event event) {
        if (!events.offer(event)) {
            cut = true;
            close();
        }
    }

    /** Whether events were lost; what {@link #next} still gives is older than them. */
    public boolean cut() {
        return cut;
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
