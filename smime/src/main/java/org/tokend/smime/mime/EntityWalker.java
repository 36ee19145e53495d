package org.tokend.smime.mime;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import org.tokend.smime.mime.LineReader.Ending;

/**
 * Walks through a MIME entity line by line (RFC 2046 §5.1), down into multiparts and forwarded messages, and tells a visitor
 * what each line is. Used twice on the same bytes: once to look, once to write. The second walk knows where there are long runs
 * of plain lines, and lets them pass.
 */
final class EntityWalker {

    /** Deeper nesting is not descended into: what stands there is taken as it is. */
    private static final int MAX_DEPTH = 32;

    private enum Place {
        LEAF,
        STRUCTURE
    }

    private final LineReader in;
    private final EntityVisitor visitor;
    private final PlainRuns.Known known;
    private final PlainRuns found = new PlainRuns();
    private final Deque<byte[]> boundaries = new ArrayDeque<>();
    private Place place = Place.STRUCTURE;
    private int messages;
    /** The break after the last line: it belongs to a delimiter that may follow (RFC 2046 §5.1.1). */
    private Ending pending = Ending.NONE;

    /** @param known found by a walk through the same mail before, or none */
    EntityWalker(LineReader in, EntityVisitor visitor, List<PlainRuns.Run> known) {
        this.in = in;
        this.visitor = visitor;
        this.known = new PlainRuns.Known(known);
    }

    /**
     * The reader stands behind the header that is given.
     *
     * @return the long runs of plain lines that were looked at
     */
    List<PlainRuns.Run> walk(Headers headers) throws IOException {
        begin(headers);
        passKnown();
        while (place == Place.LEAF ? in.nextLines() : in.next()) {
            if (in.plainLines() > 0) {
                plainLines();
            } else if (!in.startsLine() || boundaries.isEmpty() || !delimiter()) {
                line();
            }
            passKnown();
        }
        flushPending();
        endLeaf();
        return found.found();
    }

    private void plainLines() throws IOException {
        flushPending();
        pending = in.ending();
        visitor.lines(in.bytes(), in.offset(), in.length(), in.plainLines(), pending);
        int withBreak = in.length() + pending.octets();
        found.add(in.position() - withBreak, in.bytes(), in.offset(), withBreak, pending);
    }

    /** What was looked at before goes by without another look, if it still is what it was. */
    private void passKnown() throws IOException {
        PlainRuns.Run run = known.at(in.position());
        if (run == null || place != Place.LEAF || visitor.needsLines()) {
            return;
        }
        flushPending();
        CRC32 checksum = new CRC32();
        for (long left = run.length(); left > 0; left -= in.length()) {
            if (!in.nextOctets(left)) {
                throw changed();
            }
            checksum.update(in.bytes(), in.offset(), in.length());
            // The last break stays pending, as after other lines.
            long beforeBreak = Math.max(0, left - run.ending().octets());
            visitor.plainOctets(in.bytes(), in.offset(), (int) Math.min(in.length(), beforeBreak), run.ending());
        }
        if (checksum.getValue() != run.checksum()) {
            throw changed();
        }
        pending = run.ending();
    }

    private static IOException changed() {
        return new IOException("the mail was changed by another program while it was read; try again");
    }

    private void begin(Headers headers) throws IOException {
        PartType type = PartType.of(headers);
        visitor.header(headers, type);
        byte[] boundary = type.boundary();
        if (boundary != null && boundaries.size() < MAX_DEPTH) {
            boundaries.push(boundary);
            place = Place.STRUCTURE;
        } else if (type.isMessage() && !type.isEncoded() && messages++ < MAX_DEPTH) {
            beginMessage();
        } else if (type.isSealed() || boundary != null) {
            place = Place.STRUCTURE;
        } else {
            place = Place.LEAF;
            visitor.beginLeaf(type);
        }
    }

    /** A forwarded message has its own header and may not be encoded as a whole (RFC 2046 §5.2.1). */
    private void beginMessage() throws IOException {
        place = Place.STRUCTURE;
        Headers inner = Headers.read(in);
        if (inner == null) {
            throw new MalformedMailException("an attached message has no header; attach it as a file instead");
        }
        begin(inner);
    }

    private void line() throws IOException {
        flushPending();
        if (place == Place.LEAF) {
            visitor.content(in.bytes(), in.offset(), in.length());
        } else {
            visitor.structure(in.bytes(), in.offset(), in.length());
        }
        pending = in.ending();
    }

    private void flushPending() throws IOException {
        if (pending == Ending.NONE) {
            return;
        }
        if (place == Place.LEAF) {
            visitor.lineBreak(pending);
        } else {
            visitor.structureLineBreak();
        }
        pending = Ending.NONE;
    }

    private void endLeaf() throws IOException {
        if (place == Place.LEAF) {
            visitor.endLeaf();
            place = Place.STRUCTURE;
        }
    }

    /** An outer boundary ends all inner multiparts, closed or not (RFC 2046 §5.1.2). */
    private boolean delimiter() throws IOException {
        int depth = 0;
        for (Iterator<byte[]> each = boundaries.iterator(); each.hasNext(); depth++) {
            int rest = Delimiter.restAfter(each.next(), in);
            if (rest >= 0) {
                for (int i = 0; i < depth; i++) {
                    boundaries.pop();
                }
                cross(rest);
                return true;
            }
        }
        return false;
    }

    private void cross(int rest) throws IOException {
        boolean close = Delimiter.closes(rest, in);
        endLeaf();
        flushPending();
        visitor.structure(in.bytes(), in.offset(), in.length());
        if (close) {
            boundaries.pop();
            pending = in.ending();
            return;
        }
        if (in.ending() != Ending.NONE) {
            visitor.structureLineBreak();
        }
        Headers headers = Headers.read(in);
        if (headers == null) {
            throw new MalformedMailException("a part after the delimiter " + quoted(boundaries.getFirst())
                    + " has no header and no empty line; the mail is damaged");
        }
        begin(headers);
    }

    private static String quoted(byte[] boundary) {
        return "\"" + new String(boundary, java.nio.charset.StandardCharsets.ISO_8859_1) + "\"";
    }
}
