package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;

/** Whether the other end of a socket is closed, told without reading from it. */
public final class PeerHangup {
    private PeerHangup() {}

    /**
     * A peer that only writes no more (shutdown(2)) still waits for its answer and is not gone.
     *
     * @param descriptor of a stream socket, open for as long as this runs
     */
    public static boolean at(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            Poll poll = new Poll(arena, descriptor);
            return poll.await(0) == 1 && poll.toldOfHangup();
        }
    }
}
