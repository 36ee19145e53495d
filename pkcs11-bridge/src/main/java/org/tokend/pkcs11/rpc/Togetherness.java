package org.tokend.pkcs11.rpc;

/**
 * Whether the replies of a host come several at a time. Those of calls that take long do not, and each is then quicker by a socket of its
 * own. Thread-safe; a count that is a little off does no harm.
 */
final class Togetherness {
    private static final double ENOUGH = 1.25;
    private static final int WINDOW = 16;

    /** While they do not, so many calls out of so many find out whether they do now. */
    private static final int TRIED = 32;

    private static final int OUT_OF = 512;

    private volatile double atATime = 2;
    private volatile int calls;

    boolean areExpected() {
        int call = calls + 1;
        calls = call;
        return atATime >= ENOUGH || Math.floorMod(call, OUT_OF) < TRIED;
    }

    /** @param messages that one read has found */
    void came(int messages) {
        atATime += (messages - atATime) / WINDOW;
    }
}
