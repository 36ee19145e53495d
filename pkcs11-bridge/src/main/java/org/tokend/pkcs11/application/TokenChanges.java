package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenAdministration;

/** Tokens are initialised and their PINs set, when the gate allows it. */
final class TokenChanges {
    private final ApplicationGate gate;
    private final Slots slots;
    private final Sessions sessions;
    private final Logins logins;

    TokenChanges(ApplicationGate gate, Slots slots, Sessions sessions, Logins logins) {
        this.gate = gate;
        this.slots = slots;
        this.sessions = sessions;
        this.logins = logins;
    }

    void initialise(long id, @Nullable MemorySegment officerPin, String label)
            throws CryptokiException, TokenException {
        ApplicationSlot slot = slots.slot(id);
        Token token = slot.token();
        if (!slot.present()) {
            throw Refusal.of(CKR.TOKEN_NOT_PRESENT);
        }
        gate.manage("C_InitToken", token);
        if (token == null) {
            gate.initialise(slot, officerPin, label);
            return;
        }
        if (sessions.count(token, false) > 0) {
            throw Refusal.of(CKR.SESSION_EXISTS);
        }
        token.administration().initialise(officerPin, label);
    }

    void initPin(Session session, @Nullable MemorySegment pin) throws CryptokiException, TokenException {
        Token token = session.token();
        gate.manage("C_InitPIN", token);
        if (!logins.isOfficer(token)) {
            throw Refusal.of(CKR.USER_NOT_LOGGED_IN);
        }
        logins.of(token).asOfficer(officerPin -> token.administration().initPin(officerPin, pin));
    }

    /** Of the one who is logged in; of the user when nobody is (PKCS#11 v3.1 §5.5.7). */
    void setPin(Session session, @Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws CryptokiException, TokenException {
        Token token = session.token();
        gate.manage("C_SetPIN", token);
        if (!session.readWrite()) {
            throw Refusal.of(CKR.SESSION_READ_ONLY);
        }
        TokenAdministration administration = token.administration();
        if (logins.isOfficer(token)) {
            administration.setOfficerPin(oldPin, newPin);
            logins.of(token).officerPinChanged(newPin);
        } else {
            administration.setPin(oldPin, newPin);
        }
    }
}
