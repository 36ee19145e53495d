package org.tokend.smime.mime;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.LineReader.Ending;

/**
 * Where in a mail there are long runs of plain lines (see {@link PlainLines}), so that whoever reads it again need not look at
 * them again. Their checksums tell when the file has become another in between.
 */
final class PlainRuns {

    static final long LEAST = 1 << 20;

    /**
     * @param start octets before it
     * @param length with the last line break
     * @param ending of all its lines
     */
    record Run(long start, long length, long checksum, Ending ending) {}

    private final List<Run> runs = new ArrayList<>();
    private final CRC32 checksum = new CRC32();
    private long start;
    private long end;
    private Ending ending = Ending.CRLF;

    /** Lines with their breaks, in the order of the mail. */
    void add(long position, byte[] bytes, int offset, int length, Ending style) {
        if (position != end || style != ending) {
            endRun();
            start = position;
            ending = style;
        }
        checksum.update(bytes, offset, length);
        end = position + length;
    }

    private void endRun() {
        if (end - start >= LEAST) {
            runs.add(new Run(start, end - start, checksum.getValue(), ending));
        }
        checksum.reset();
    }

    /** All lines were added. */
    List<Run> found() {
        endRun();
        start = end;
        return List.copyOf(runs);
    }

    /** For one walk through the same mail. */
    static final class Known {
        private final Iterator<Run> runs;
        private @Nullable Run next;

        Known(List<Run> runs) {
            this.runs = runs.iterator();
            advance();
        }

        private void advance() {
            next = runs.hasNext() ? runs.next() : null;
        }

        /** The run that starts here; positions only grow. */
        @Nullable
        Run at(long position) {
            while (next != null && next.start() < position) {
                advance();
            }
            return next != null && next.start() == position ? next : null;
        }
    }
}
