package org.tokend.pkcs11.application;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.token.Token;

/** The slots that the application sees. Blank tokens are for those who may initialise them. */
final class Slots {
    private final ApplicationGate gate;

    Slots(ApplicationGate gate) {
        this.gate = gate;
    }

    List<ApplicationSlot> all() {
        boolean blankToo = gate.mayManage();
        return gate.slots().stream().filter(slot -> blankToo || !isBlank(slot)).toList();
    }

    long[] ids(boolean tokenPresent) {
        return all().stream()
                .filter(slot -> !tokenPresent || slot.present())
                .mapToLong(ApplicationSlot::id)
                .toArray();
    }

    ApplicationSlot slot(long id) throws CryptokiException {
        for (ApplicationSlot slot : gate.slots()) {
            if (slot.id() == id && (!isBlank(slot) || gate.mayManage())) {
                return slot;
            }
        }
        throw Refusal.of(CKR.SLOT_ID_INVALID);
    }

    private static boolean isBlank(ApplicationSlot slot) {
        return slot.present() && slot.reader().blank();
    }

    SlotInfo info(long id) throws CryptokiException {
        ApplicationSlot slot = slot(id);
        SlotInfo info = slot.info();
        long flags = slot.present() ? info.flags() | CKF.TOKEN_PRESENT : info.flags() & ~CKF.TOKEN_PRESENT;
        return new SlotInfo(
                info.description(), info.manufacturer(), flags, info.hardwareVersion(), info.firmwareVersion());
    }

    Token token(long id) throws CryptokiException {
        ApplicationSlot slot = slot(id);
        Token token = slot.token();
        if (token == null) {
            throw Refusal.of(isBlank(slot) ? CKR.TOKEN_NOT_RECOGNIZED : CKR.TOKEN_NOT_PRESENT);
        }
        return token;
    }

    /** Whether the token is still in the slot where it was. */
    boolean holds(long id, Token token) {
        return token.equals(inserted(id));
    }

    private @Nullable Token inserted(long id) {
        for (ApplicationSlot slot : gate.slots()) {
            if (slot.id() == id) {
                return slot.token();
            }
        }
        return null;
    }
}
