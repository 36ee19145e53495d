package org.tokend.daemon.unlock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.event.EventSink;
import org.tokend.protocol.Reply;

/** Tells all requests that wait for one prompt, those too that come when it is already open. Thread-safe. */
final class SharedSink implements EventSink {
    private final List<EventSink> waiting = new ArrayList<>();
    private Reply.@Nullable Event latest;

    synchronized void add(EventSink sink) {
        waiting.add(sink);
        if (latest != null) {
            sink.send(latest);
        }
    }

    /** After this returns nothing more is sent to it. */
    synchronized void remove(EventSink sink) {
        waiting.remove(sink);
    }

    @Override
    public synchronized void send(Reply.Event event) {
        latest = event;
        for (EventSink sink : waiting) {
            sink.send(event);
        }
    }
}
