package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.linux.LockedPage;

/**
 * The memory of one direction of a connection: off the heap and locked, because PINs pass through. Taken when first used, a
 * page; grows for large frames up to {@link WireBounds#FRAME}, and is a page again once a large frame is done with.
 */
final class WireBuffer implements AutoCloseable {
    private static final long SMALL = 4096;

    private final LargeFrames large;
    private @Nullable LockedPage page;

    WireBuffer(LargeFrames large) {
        this.large = large;
    }

    MemorySegment memory() {
        return page().segment();
    }

    long capacity() {
        return page == null ? SMALL : page.segment().byteSize();
    }

    private LockedPage page() {
        LockedPage taken = page;
        if (taken == null) {
            taken = LockedPage.allocate(SMALL);
            page = taken;
        }
        return taken;
    }

    /** Makes room for {@code needed} bytes and keeps the first {@code used}. */
    void ensure(long needed, long used) throws WireFormatException {
        if (needed <= capacity()) {
            return;
        }
        if (needed > WireBounds.FRAME) {
            throw new WireFormatException(
                    "a frame of " + needed + " bytes is over the bound of " + WireBounds.FRAME, CKR.HOST_MEMORY);
        }
        long capacity = Math.min(Math.max(needed, 2 * capacity()), WireBounds.FRAME);
        LockedPage larger = allocate(capacity);
        if (used > 0) {
            MemorySegment.copy(memory(), 0, larger.segment(), 0, used);
        }
        close();
        page = larger;
    }

    private LockedPage allocate(long capacity) throws WireFormatException {
        large.take(capacity);
        try {
            return LockedPage.allocate(capacity);
        } catch (OutOfMemoryError e) {
            large.giveBack(capacity);
            throw e;
        }
    }

    /** Zeroes the first {@code used} bytes and gives a large buffer back. */
    void wipe(long used) {
        if (capacity() > SMALL) {
            close();
        } else if (used > 0) {
            memory().asSlice(0, used).fill((byte) 0);
        }
    }

    /** Zeroes it and gives it back; it can be used again. */
    @Override
    public void close() {
        if (page != null) {
            long capacity = capacity();
            page.close();
            page = null;
            large.giveBack(capacity);
        }
    }
}
