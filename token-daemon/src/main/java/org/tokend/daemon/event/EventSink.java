package org.tokend.daemon.event;

import org.tokend.protocol.Reply;

/** Takes the events of one waiting request. Never blocks for long and never throws: a caller that is gone is not told. */
@FunctionalInterface
public interface EventSink {
    /** For callers that did not ask for progress. */
    EventSink NONE = event -> {};

    void send(Reply.Event event);

    /** Whether the caller has hung up, so that nobody waits any more. Never blocks; asked for as long as the request runs. */
    default boolean gone() {
        return false;
    }
}
