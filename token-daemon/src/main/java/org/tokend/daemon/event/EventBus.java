package org.tokend.daemon.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokend.protocol.Reply;

/** Brings every event to every subscriber. Thread-safe; publishing never waits for a subscriber. */
public final class EventBus {
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    public void publish(Reply.Event event) {
        for (Subscription subscription : subscriptions) {
            subscription.offer(event);
        }
    }

    /** Events from now on; close it to end. */
    public Subscription subscribe() {
        Subscription subscription = new Subscription(subscriptions::remove);
        subscriptions.add(subscription);
        return subscription;
    }
}
