package org.tokend.daemon.token;

import java.time.Duration;
import java.util.List;
import org.tokend.pkcs11.token.ReaderSlot;

/**
 * When a module is loaded again because all the tokens that it shows are blank. Some modules look for tokens once, when they are
 * loaded: SoftHSM does not see one that is made later, and misses one that another program writes at that moment, as each of its logins
 * does. Once at the start; then only when a program has come that may want a token, and less and less often as long as it does not help.
 * By one thread at a time.
 */
final class Reloading {
    private static final long FIRST_PAUSE = Duration.ofSeconds(2).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMinutes(5).toNanos();

    private long pause = FIRST_PAUSE;
    private long loadedAs;
    private long blankSince;
    private boolean first = true;

    /** Written by other threads. */
    private volatile boolean visited;

    /** A program has come. From any thread. */
    void visited() {
        visited = true;
    }

    /**
     * @param slots what the module shows
     * @param generation counts its starts
     * @param nanos the time
     */
    boolean isDue(List<ReaderSlot> slots, long generation, long nanos) {
        boolean atStart = first;
        first = false;
        if (!showsBlankTokensOnly(slots)) {
            pause = FIRST_PAUSE;
            visited = false;
            return false;
        }
        if (generation != loadedAs) {
            loadedAs = generation;
            blankSince = nanos;
        }
        if (atStart) {
            return true;
        }
        if (!visited || nanos - blankSince < pause) {
            return false;
        }
        visited = false;
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        return true;
    }

    static boolean showsBlankTokensOnly(List<ReaderSlot> slots) {
        return slots.stream().anyMatch(ReaderSlot::blank) && slots.stream().allMatch(slot -> slot.token() == null);
    }
}
