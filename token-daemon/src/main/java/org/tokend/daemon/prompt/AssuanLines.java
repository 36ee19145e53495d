package org.tokend.daemon.prompt;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.tokend.pkcs11.linux.LockedPage;
import org.tokend.pkcs11.linux.PipedChild;

/**
 * The lines that a child writes, read straight into locked memory, because a PIN may be in any of them. A line is zeroed as
 * soon as the next one is asked for.
 */
final class AssuanLines implements AutoCloseable {
    /** An Assuan line has at most 1000 bytes and its line end. */
    private static final int MAX_LINE = 1002;

    private static final int NONE = -1;

    private final PipedChild child;
    private final LockedPage page = LockedPage.allocate(4096);
    /** Where the current line ends, the first one in the page. */
    private int lineEnd = NONE;

    private int filled;

    AssuanLines(PipedChild child) {
        this.child = child;
    }

    /** Moves to the next line, of which {@link #segment()} then tells. */
    void next(long untilNanos) throws IOException {
        discard();
        int seen = 0;
        while (true) {
            for (; seen < filled; seen++) {
                if (page.segment().get(ValueLayout.JAVA_BYTE, seen) == '\n') {
                    lineEnd = seen;
                    return;
                }
            }
            if (filled > MAX_LINE) {
                throw new IOException("it sent a line that is too long");
            }
            fill(untilNanos);
        }
    }

    /** The line without its end. */
    MemorySegment segment() {
        return page.segment().asSlice(0, lineEnd);
    }

    private void discard() {
        if (lineEnd == NONE) {
            return;
        }
        int next = lineEnd + 1;
        MemorySegment all = page.segment();
        MemorySegment.copy(all, next, all, 0, filled - next);
        all.asSlice(filled - next).fill((byte) 0);
        filled -= next;
        lineEnd = NONE;
    }

    private void fill(long untilNanos) throws IOException {
        long left = Math.max(0, untilNanos - System.nanoTime());
        int count = child.read(page.segment().asSlice(filled), Duration.ofNanos(left));
        if (count < 0) {
            throw new EOFException("it ended without an answer");
        }
        filled += count;
    }

    @Override
    public void close() {
        page.close();
    }
}
