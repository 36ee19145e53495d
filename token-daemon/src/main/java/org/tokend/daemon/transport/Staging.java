package org.tokend.daemon.transport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * Memory through which bytes pass between the kernel and a buffer of the heap: lent for one system call, and wiped after it. All
 * connections share a few pieces; one that is idle has none.
 */
final class Staging {
    /** Longer than nearly all requests and replies. */
    private static final int PIECE = 8 * 1024;

    private static final int SPARE = 32;

    private final BlockingQueue<MemorySegment> spare = new ArrayBlockingQueue<>(SPARE);

    /** As {@link Descriptor#readNow}. */
    int readNow(Descriptor from, ByteBuffer into) throws IOException {
        MemorySegment piece = take();
        long count = 0;
        try {
            count = from.readNow(piece.asSlice(0, Math.min(PIECE, into.remaining())));
            if (count > 0) {
                into.put(piece.asSlice(0, count).asByteBuffer());
            }
            return (int) count;
        } finally {
            giveBack(piece, count);
        }
    }

    /** Writes as much as one piece holds. @return how much that was */
    int write(ByteBuffer from, Descriptor to) throws IOException {
        int count = Math.min(PIECE, from.remaining());
        MemorySegment piece = take();
        try {
            MemorySegment filled = piece.asSlice(0, count);
            filled.asByteBuffer().put(from.slice(from.position(), count));
            to.write(filled);
            from.position(from.position() + count);
            return count;
        } finally {
            giveBack(piece, count);
        }
    }

    /** What stands in the memory that nobody has, for the test that it is nothing. */
    List<byte[]> pieces() {
        return spare.stream().map(piece -> piece.toArray(ValueLayout.JAVA_BYTE)).toList();
    }

    private MemorySegment take() {
        MemorySegment piece = spare.poll();
        return piece == null ? Arena.ofAuto().allocate(PIECE) : piece;
    }

    private void giveBack(MemorySegment piece, long used) {
        piece.asSlice(0, Math.max(0, used)).fill((byte) 0);
        // What there is no room for goes to the garbage collector.
        boolean ignored = spare.offer(piece);
    }
}
