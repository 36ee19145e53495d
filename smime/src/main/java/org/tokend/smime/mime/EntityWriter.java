package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.LineReader.Ending;

/** The second look: writes the entity in canonical form (RFC 8551 §3.1.1), each leaf encoded as {@link LeafScan} decided. */
final class EntityWriter implements EntityVisitor {

    private static final byte[] CRLF = {'\r', '\n'};

    private final EntityOutput out;
    private final Iterator<LeafEncoding> encodings;
    private final LineFeeds lineFeeds = new LineFeeds();
    private LeafEncoding encoding = LeafEncoding.KEEP;
    private @Nullable OutputStream encoder;
    private @Nullable Headers heldHeader;

    EntityWriter(EntityOutput out, List<LeafEncoding> encodings) {
        this.out = out;
        this.encodings = encodings.iterator();
    }

    /** Held back: what is to be written depends on what the part turns out to be. */
    @Override
    public void header(Headers headers, PartType type) throws IOException {
        releaseHeader(null);
        boolean composite = type.boundary() != null || (type.isMessage() && !type.isEncoded());
        heldHeader = composite && !type.isLabelledSevenBit() ? relabelled(headers, "7bit") : headers;
    }

    private static Headers relabelled(Headers headers, String transferEncoding) {
        return headers.with("Content-Transfer-Encoding", transferEncoding);
    }

    private void releaseHeader(@Nullable String transferEncoding) throws IOException {
        Headers headers = heldHeader;
        if (headers == null) {
            return;
        }
        heldHeader = null;
        (transferEncoding == null ? headers : relabelled(headers, transferEncoding)).writeTo(out);
        out.write(CRLF);
    }

    @Override
    public void beginLeaf(PartType type) throws IOException {
        encoding = encodings.next();
        releaseHeader(encoding == LeafEncoding.KEEP ? null : encoding.headerValue());
        encoder = switch (encoding) {
            case KEEP, RELABEL -> null;
            case QUOTED_PRINTABLE -> new QuotedPrintableOutput(out);
            case BASE64_TEXT, BASE64_BINARY -> new Base64Output(out, 76);
        };
    }

    @Override
    public void content(byte[] bytes, int offset, int length) throws IOException {
        OutputStream target = encoder;
        (target == null ? out : target).write(bytes, offset, length);
    }

    @Override
    public boolean needsLines() {
        return encoder instanceof QuotedPrintableOutput;
    }

    @Override
    public void lines(byte[] bytes, int offset, int length, int count, Ending ending) throws IOException {
        if (needsLines()) {
            EntityVisitor.super.lines(bytes, offset, length, count, ending);
        } else {
            plainOctets(bytes, offset, length, ending);
        }
    }

    @Override
    public void plainOctets(byte[] bytes, int offset, int length, Ending ending) throws IOException {
        if (ending == Ending.CRLF || encoding == LeafEncoding.BASE64_BINARY) {
            content(bytes, offset, length);
        } else if (encoder == null) {
            out.writeLineFeeds(bytes, offset, length);
        } else {
            lineFeeds.write(bytes, offset, length, encoder);
        }
    }

    @Override
    public void lineBreak(Ending ending) throws IOException {
        OutputStream target = encoder;
        if (target instanceof QuotedPrintableOutput lines) {
            lines.lineBreak();
        } else if (target != null && encoding == LeafEncoding.BASE64_BINARY && ending == Ending.LF) {
            target.write('\n');
        } else {
            (target == null ? out : target).write(CRLF);
        }
    }

    @Override
    public void endLeaf() throws IOException {
        OutputStream target = encoder;
        encoder = null;
        if (target != null) {
            target.close();
        }
    }

    @Override
    public void structure(byte[] bytes, int offset, int length) throws IOException {
        releaseHeader(null);
        out.write(bytes, offset, length);
    }

    @Override
    public void structureLineBreak() throws IOException {
        releaseHeader(null);
        out.write(CRLF);
    }

    /** After the last line: a header without a body is still to be written. */
    void finish() throws IOException {
        releaseHeader(null);
        out.flush();
    }
}
