package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tokend.pkcs11.linux.SocketPair;

/** Wakes one of those who wait for arrivals, though nothing has arrived that the kernel knows of. */
final class Nudge {
    private final SocketPair pair;
    private final MemorySegment written = Arena.ofAuto().allocate(1);
    private final MemorySegment read = Arena.ofAuto().allocate(1);
    private final AtomicBoolean given = new AtomicBoolean();

    Nudge() throws IOException {
        this.pair = SocketPair.open();
    }

    int descriptor() {
        return pair.here().number();
    }

    /** Once is enough until it has been taken. */
    void give() throws IOException {
        if (given.compareAndSet(false, true)) {
            pair.there().write(written);
        }
    }

    /** By who was woken. */
    void take() throws IOException {
        if (pair.here().readNow(read) > 0) {
            given.set(false);
        }
    }
}
