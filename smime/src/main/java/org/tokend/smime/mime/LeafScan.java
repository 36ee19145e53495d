package org.tokend.smime.mime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.LineReader.Ending;

/**
 * The first look: decides for each leaf how it must be written. Servers re-encode 8-bit text, fold long lines, escape
 * "From " and cut blanks off line ends; each would break the signature (RFC 8551 §3.1.2, §3.1.3; RFC 3676 blanks).
 */
final class LeafScan implements EntityVisitor {

    private final List<LeafEncoding> encodings = new ArrayList<>();
    private final List<Boolean> utf8 = new ArrayList<>();
    private @Nullable PartType type;
    private Utf8Check utf8Check = new Utf8Check();
    private long bytes;
    private long highBytes;
    private boolean control;
    private boolean carriageReturn;
    private boolean fragile;
    private int column;
    private byte last;
    private int fromMatch;

    /** One for each leaf, in the order of the mail. */
    List<LeafEncoding> encodings() {
        return encodings;
    }

    /** Whether the leaf holds UTF-8 beyond ASCII; one for each leaf. */
    List<Boolean> utf8() {
        return utf8;
    }

    @Override
    public void header(Headers headers, PartType type) {}

    @Override
    public void beginLeaf(PartType leaf) {
        type = leaf;
        utf8Check = new Utf8Check();
        bytes = 0;
        highBytes = 0;
        control = false;
        carriageReturn = false;
        fragile = false;
        startLine();
    }

    private void startLine() {
        column = 0;
        last = 0;
        fromMatch = 0;
    }

    @Override
    public void content(byte[] buffer, int offset, int length) {
        for (int i = 0; column + i < 5 && i < length; i++) {
            if (fromMatch == column + i && buffer[offset + i] == "From ".charAt(column + i)) {
                fromMatch++;
            }
        }
        column += length;
        int plain = OctetWords.plainUntil(buffer, offset, offset + length) - offset;
        look(buffer, offset + plain, length - plain);
        if (length > 0) {
            last = buffer[offset + length - 1];
            bytes += length;
            utf8Check.update(buffer, offset, plain, length);
        }
        fragile |= column > PlainLines.MAX_LINE || fromMatch == 5;
    }

    /** There is nothing in them to find. */
    @Override
    public void lines(byte[] buffer, int offset, int length, int count, Ending ending) {
        if (length > 0) {
            utf8Check.update(buffer, offset, length, length);
        }
        bytes += length - (long) ending.octets() * (count - 1);
        last = 0;
    }

    private void look(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = buffer[i];
            if (b < 0) {
                highBytes++;
            } else if (b == 0) {
                control = true;
            } else if (b == '\r') {
                carriageReturn = true;
            }
        }
    }

    @Override
    public void lineBreak(Ending ending) {
        fragile |= last == ' ' || last == '\t';
        startLine();
    }

    @Override
    public void endLeaf() {
        fragile |= last == ' ' || last == '\t';
        encodings.add(decide());
        utf8.add(highBytes > 0 && utf8Check.valid());
    }

    private LeafEncoding decide() {
        PartType leaf = type;
        if (leaf == null || leaf.isEncoded()) {
            return LeafEncoding.KEEP;
        }
        boolean hard = highBytes == 0 && !control && !carriageReturn && !fragile;
        if (leaf.isBinary() || (!leaf.isText() && (control || carriageReturn))) {
            return LeafEncoding.BASE64_BINARY;
        }
        if (hard) {
            return leaf.isLabelledSevenBit() ? LeafEncoding.KEEP : LeafEncoding.RELABEL;
        }
        return highBytes * 6 > bytes ? LeafEncoding.BASE64_TEXT : LeafEncoding.QUOTED_PRINTABLE;
    }

    @Override
    public void structure(byte[] buffer, int offset, int length) {}

    @Override
    public void structureLineBreak() {}
}
