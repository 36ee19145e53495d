package org.tokend.daemon.application;

import org.tokend.daemon.access.Caller;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.daemon.event.EventSink;

/** Opens the gate for each application that connects. */
public final class Applications {
    private final Dispatcher dispatcher;
    private final Stages stages;
    private final SlotTable slots;
    private final Management management;
    private final boolean acceptClientPin;

    /** @param acceptClientPin whether a PIN that an application sends is used; else the person is asked */
    public Applications(Dispatcher dispatcher, Stages stages, SlotTable slots, boolean acceptClientPin) {
        this.dispatcher = dispatcher;
        this.stages = stages;
        this.slots = slots;
        this.management = new Management(stages, new RefusalLimit(System::nanoTime));
        this.acceptClientPin = acceptClientPin;
    }

    /**
     * Waits for a while until all modules were looked at once, because applications list the slots once and for all.
     *
     * @param waiting is told what a call of this application waits for, and says when the application is gone
     */
    public CallerGate open(Caller caller, EventSink waiting) {
        stages.directory().awaitStart(waiting);
        return new CallerGate(
                caller, waiting, new CallerGate.Parts(dispatcher, stages, slots, management, acceptClientPin));
    }
}
