package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.linux.LockedPage;

/** Whom one application is to one token. */
final class Login {
    enum State {
        NOBODY,
        USER,
        OFFICER
    }

    /** Held by the one thread that asks for the login; it may wait for a person meanwhile. */
    private final ReentrantLock entering = new ReentrantLock();

    private volatile State state = State.NOBODY;
    private @Nullable LockedPage officerPin;
    private int officerPinLength;

    ReentrantLock entering() {
        return entering;
    }

    State state() {
        return state;
    }

    /** @return whether it was entered; not when the session it was asked for has ended meanwhile */
    synchronized boolean enterAsUser(Session session) {
        if (session.closed()) {
            return false;
        }
        state = State.USER;
        return true;
    }

    /** @param pin copied; null at a PIN pad */
    synchronized boolean enterAsOfficer(Session session, @Nullable MemorySegment pin) {
        if (session.closed()) {
            return false;
        }
        state = State.OFFICER;
        keep(pin);
        return true;
    }

    private void keep(@Nullable MemorySegment pin) {
        if (officerPin != null) {
            officerPin.close();
        }
        officerPin = null;
        if (pin != null) {
            // A page has at least one byte, a PIN need not.
            LockedPage page = LockedPage.allocate(Math.max(1, pin.byteSize()));
            MemorySegment.copy(pin, 0, page.segment(), 0, pin.byteSize());
            officerPinLength = (int) pin.byteSize();
            officerPin = page;
        }
    }

    synchronized void leave() {
        state = State.NOBODY;
        keep(null);
    }

    /** Something that needs the security officer's PIN, null at a PIN pad. */
    interface OfficerCall {
        void apply(@Nullable MemorySegment pin) throws TokenException, CryptokiException;
    }

    /** The PIN stays where it is until the call is over. */
    synchronized void asOfficer(OfficerCall call) throws TokenException, CryptokiException {
        LockedPage page = officerPin;
        call.apply(page == null ? null : page.segment().asSlice(0, officerPinLength));
    }

    synchronized void officerPinChanged(@Nullable MemorySegment pin) {
        if (state == State.OFFICER) {
            keep(pin);
        }
    }
}
