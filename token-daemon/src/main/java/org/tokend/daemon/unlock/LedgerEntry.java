package org.tokend.daemon.unlock;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one token's PIN tries, whatever its flags say.
 *
 * @param wrong tries since the last right PIN that were, or may have been, wrong
 * @param pending a try was begun and its end has not been written: the daemon died in the middle
 * @param bootId the boot in which {@code refused} was filled
 * @param refused PINs that the token refused; forgotten with the boot and when the token is taken out
 * @param damaged the file could not be read: nothing is known, so the worst is assumed
 */
record LedgerEntry(int wrong, boolean pending, String bootId, List<PinFingerprint> refused, boolean damaged) {
    private static final int REMEMBERED = 32;

    LedgerEntry {
        refused = List.copyOf(refused);
    }

    static LedgerEntry clean(String bootId) {
        return new LedgerEntry(0, false, bootId, List.of(), false);
    }

    static LedgerEntry unreadable(String bootId) {
        return new LedgerEntry(0, false, bootId, List.of(), true);
    }

    boolean refusedBefore(PinFingerprint fingerprint) {
        return refused.contains(fingerprint);
    }

    /** Some PIN was refused in this boot, and which one can no longer be told: the key has been lost. */
    boolean cannotTell(String keyId) {
        return damaged
                || refused.stream().anyMatch(fingerprint -> !fingerprint.keyId().equals(keyId));
    }

    /** Counts a try before it is made. */
    LedgerEntry begun() {
        return new LedgerEntry(wrong + 1, true, bootId, refused, damaged);
    }

    /** The try that was begun has ended, and was or may have been wrong. */
    LedgerEntry stillCounted() {
        return new LedgerEntry(wrong, false, bootId, refused, damaged);
    }

    /** The try that was begun never reached the token. */
    LedgerEntry unspent() {
        return new LedgerEntry(Math.max(0, wrong - 1), false, bootId, refused, damaged);
    }

    LedgerEntry withRefused(PinFingerprint fingerprint) {
        List<PinFingerprint> all = new ArrayList<>(refused);
        all.add(fingerprint);
        if (all.size() > REMEMBERED) {
            all.removeFirst();
        }
        return new LedgerEntry(wrong, false, bootId, all, damaged);
    }

    LedgerEntry withoutRefused(String nowBootId) {
        return new LedgerEntry(wrong, pending, nowBootId, List.of(), damaged);
    }
}
