package org.tokend.daemon.unlock;

import java.util.OptionalInt;
import org.tokend.pkcs11.PinTries;
import org.tokend.protocol.TokenDescription;

/**
 * What flags and ledger together say of the tries left. Flags may be missing or lie, so the worse of the two holds.
 *
 * @param left at most this many tries are left; 0 only when the token itself says that it is locked
 * @param words for people, a clause without a full stop
 */
record TriesLeft(int left, boolean untouched, String words) {
    /** How many most cards allow; taken for granted where nobody says otherwise. */
    static final int ASSUMED = 3;

    /** @param configured how many wrong tries in a row the token allows, by its owner's word */
    static TriesLeft of(PinTries flags, LedgerEntry entry, OptionalInt configured) {
        if (flags == PinTries.LOCKED) {
            return new TriesLeft(0, false, "no try is left");
        }
        if (flags == PinTries.FINAL) {
            return new TriesLeft(1, false, "the token says that one try is left");
        }
        if (entry.damaged()) {
            return new TriesLeft(1, false, "the record of wrong PINs is damaged, so this may be the last try");
        }
        int max = configured.orElse(ASSUMED);
        int wrong = flags == PinTries.LOW ? Math.max(1, entry.wrong()) : entry.wrong();
        int left = Math.max(1, max - wrong);
        if (wrong == 0) {
            return new TriesLeft(left, true, "no wrong PIN since the last right one");
        }
        String counted = wrong == 1 ? "one wrong PIN" : wrong + " wrong PINs";
        String since = counted + " since the last right one";
        if (configured.isPresent()) {
            return new TriesLeft(
                    left, false, since + ", " + (left == 1 ? "one try is" : left + " tries are") + " left");
        }
        return new TriesLeft(
                left,
                false,
                since + "; the token does not say how many it allows, many lock after " + ASSUMED
                        + (left == 1 ? ", so this may be the last try" : ""));
    }

    boolean locked() {
        return left == 0;
    }

    boolean last() {
        return left == 1;
    }

    TokenDescription.Tries wire() {
        if (locked()) {
            return TokenDescription.Tries.NONE;
        }
        if (last()) {
            return TokenDescription.Tries.LAST;
        }
        return untouched ? TokenDescription.Tries.UNKNOWN : TokenDescription.Tries.LOW;
    }
}
