package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** C_WaitForSlotEvent: which slots are not as the application was told last (PKCS#11 v3.1 §5.5.8). */
final class SlotEvents {
    /** What may be in a slot: nothing, a token, or something that is none yet. */
    private record Content(boolean present, @Nullable Object token) {
        static Content of(ApplicationSlot slot) {
            return new Content(slot.present(), slot.token());
        }
    }

    private final ApplicationGate gate;
    private final Slots slots;
    private final Map<Long, Content> told = new HashMap<>();
    private final List<Thread> waiting = new ArrayList<>();
    private int lives;
    private boolean closed;

    SlotEvents(ApplicationGate gate, Slots slots) {
        this.gate = gate;
        this.slots = slots;
        slots.all().forEach(slot -> told.put(slot.id(), Content.of(slot)));
    }

    long await(long flags) throws CryptokiException {
        while (true) {
            long seen = gate.slotChanges();
            Optional<Long> changed = nextChange();
            if (changed.isPresent()) {
                return changed.get();
            }
            if ((flags & CKF.DONT_BLOCK) != 0) {
                throw Refusal.of(CKR.NO_EVENT);
            }
            awaitChange(seen);
        }
    }

    private synchronized Optional<Long> nextChange() {
        for (ApplicationSlot slot : slots.all()) {
            Content now = Content.of(slot);
            Content before = told.getOrDefault(slot.id(), new Content(false, null));
            if (!now.equals(before)) {
                told.put(slot.id(), now);
                return Optional.of(slot.id());
            }
        }
        return Optional.empty();
    }

    private void awaitChange(long seen) throws CryptokiException {
        boolean ended = false;
        int life = enter();
        try {
            gate.awaitSlotChange(seen);
            ended = gate.slotChanges() == seen;
        } catch (InterruptedException e) {
            ended = true;
        } finally {
            ended |= leave(life);
        }
        if (ended) {
            throw Refusal.of(CKR.CRYPTOKI_NOT_INITIALIZED);
        }
    }

    private synchronized int enter() throws CryptokiException {
        if (closed) {
            throw Refusal.of(CKR.CRYPTOKI_NOT_INITIALIZED);
        }
        waiting.add(Thread.currentThread());
        return lives;
    }

    /** @return whether the application has ended; its thread has a reply to write then, and must not stay interrupted */
    private synchronized boolean leave(int life) {
        waiting.remove(Thread.currentThread());
        if (life != lives) {
            Thread.interrupted();
        }
        return life != lives;
    }

    /** C_Finalize: wakes all that wait; a new life knows the slots as they are now. */
    synchronized void restart() {
        lives++;
        waiting.forEach(Thread::interrupt);
        told.clear();
        slots.all().forEach(slot -> told.put(slot.id(), Content.of(slot)));
    }

    synchronized void close() {
        closed = true;
        restart();
    }
}
