package org.tokend.daemon.unlock;

import java.time.Instant;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.Reply;

/** Tells those who wait and those who watch. */
final class TokenEvents {
    private final EventBus bus;
    private final TokenNames names;

    TokenEvents(EventBus bus, TokenNames names) {
        this.bus = bus;
        this.names = names;
    }

    void tell(Token token, Reply.Event.Kind kind, String message, EventSink waiting) {
        Reply.Event event = new Reply.Event(kind, names.of(token), message, Instant.now());
        waiting.send(event);
        bus.publish(event);
    }
}
