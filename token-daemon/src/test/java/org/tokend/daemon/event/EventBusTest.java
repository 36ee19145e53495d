package org.tokend.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.protocol.Reply;

@Timeout(30)
class EventBusTest {
    private final EventBus bus = new EventBus();

    private static Reply.Event event(int number) {
        return new Reply.Event(Reply.Event.Kind.TOKEN_INSERTED, null, Integer.toString(number), Instant.EPOCH);
    }

    @Test
    @DisplayName("Every subscriber gets every event, in order, from when it subscribed")
    void inOrder() throws InterruptedException {
        bus.publish(event(0));
        try (Subscription first = bus.subscribe();
                Subscription second = bus.subscribe()) {
            bus.publish(event(1));
            bus.publish(event(2));
            for (Subscription subscription : new Subscription[] {first, second}) {
                assertThat(subscription.next(Duration.ZERO)).isEqualTo(event(1));
                assertThat(subscription.next(Duration.ZERO)).isEqualTo(event(2));
                assertThat(subscription.next(Duration.ZERO)).isNull();
            }
        }
    }

    @Test
    @DisplayName("A subscriber that does not read is cut off; nobody waits for it and nobody else loses anything")
    void slow() throws InterruptedException {
        try (Subscription slow = bus.subscribe();
                Subscription quick = bus.subscribe()) {
            for (int i = 0; i < 10_000; i++) {
                bus.publish(event(i));
                assertThat(quick.next(Duration.ZERO)).isEqualTo(event(i));
            }
            assertThat(slow.cut()).isTrue();
            assertThat(quick.cut()).isFalse();
            assertThat(slow.next(Duration.ZERO)).isEqualTo(event(0));
        }
    }
}
