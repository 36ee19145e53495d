package org.tokend.pkcs11.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.session.TokenSlot;

/**
 * All slots of a module, in its order, as they were at one look.
 *
 * @param moduleGeneration the start of the module in which the slots' ids hold
 */
record SlotTable(long moduleGeneration, List<ReaderSlot> slots) {
    static final SlotTable EMPTY = new SlotTable(0, List.of());

    /**
     * @param before what is said of slots that must not be disturbed now
     * @param tokens as they have just been looked at
     */
    static SlotTable read(
            String module, Cryptoki connection, long moduleGeneration, SlotTable before, List<ModuleToken> tokens)
            throws CryptokiException {
        List<ReaderSlot> slots = new ArrayList<>();
        for (long slot : connection.getSlotList(false)) {
            ModuleToken token = in(slot, tokens);
            Optional<ReaderSlot> last =
                    before.moduleGeneration == moduleGeneration ? before.at(slot) : Optional.empty();
            if (token != null && token.pool().mustBeQuiet() && last.isPresent()) {
                slots.add(last.get());
            } else {
                read(module, connection, slot, token).ifPresent(slots::add);
            }
        }
        return new SlotTable(moduleGeneration, List.copyOf(slots));
    }

    Optional<ReaderSlot> at(long slot) {
        return slots.stream().filter(each -> each.slot() == slot).findFirst();
    }

    /** Whether what was a blank token at some look is one now, in the same place. */
    boolean isStillBlank(ReaderSlot slot, Cryptoki connection, long generation) throws CryptokiException {
        return moduleGeneration == generation
                && at(slot.slot()).map(ReaderSlot::blank).orElse(false)
                && isBlank(connection, slot.slot());
    }

    private static @Nullable ModuleToken in(long slot, List<ModuleToken> tokens) {
        for (ModuleToken token : tokens) {
            TokenSlot place = token.pool().generation().slot();
            if (token.pool().isPresent() && place != null && place.slot() == slot) {
                return token;
            }
        }
        return null;
    }

    /** Empty for a slot that cannot be read: it must not hide the others. */
    private static Optional<ReaderSlot> read(String module, Cryptoki connection, long slot, @Nullable ModuleToken token)
            throws CryptokiException {
        try {
            SlotInfo info = connection.getSlotInfo(slot);
            boolean holds = (info.flags() & CKF.TOKEN_PRESENT) != 0;
            return Optional.of(
                    new ReaderSlot(module, slot, info, token, token == null && holds && isBlank(connection, slot)));
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            if (e.returnValue() == CKR.CRYPTOKI_NOT_INITIALIZED) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static boolean isBlank(Cryptoki connection, long slot) throws CryptokiException {
        try {
            return !new TokenSlot(slot, connection.getTokenInfo(slot)).initialised();
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            return false; // It came and went, or cannot be read.
        }
    }
}
