package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** While a key is being used there are a thousand looks for each signature. */
class LookingLeavesNoGarbageTest {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LOOKS = 1_000;

    /** An object for each look would be more. */
    private static final long BYTES = 8 * LOOKS;

    private interface Look {
        boolean finds() throws Exception;
    }

    private static long allocated(Look look) throws Exception {
        long before = 0;
        // The first round makes what is needed once.
        for (int round = 0; round < 2; round++) {
            before = MEMORY.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < LOOKS; i++) {
                assertFound(look.finds());
            }
        }
        return MEMORY.getCurrentThreadAllocatedBytes() - before;
    }

    private static void assertFound(boolean found) {
        if (found) {
            throw new AssertionError("nobody has written anything");
        }
    }

    @Test
    @DisplayName("At one socket")
    void socket() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            assertThat(allocated(() -> pair.here().hasInput())).isLessThan(BYTES);
        }
    }

    @Test
    @DisplayName("At many at once")
    void arrivals() throws Exception {
        try (Arrivals arrivals = Arrivals.open();
                SocketPair pair = SocketPair.open()) {
            arrivals.watchOn(pair.here().number(), 5);
            Arrivals.Watcher watcher = arrivals.watcher();
            assertThat(allocated(() -> watcher.now(Arrivals.MOST).length > 0)).isLessThan(BYTES);
        }
    }
}
