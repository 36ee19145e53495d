package org.tokend.smime.mime;

import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokend.smime.mime.LineReader.Ending;

/**
 * Hidden fields repeated at the start of the text, for programs that decrypt but know nothing of protected headers (RFC 9788
 * §2.1.2, §5.2.2). Only where the whole content is one plain text: anywhere else the copy costs more than it helps.
 */
final class LegacyDisplay implements EntityVisitor {

    static final String PARAMETER = "hp-legacy-display";
    private static final byte[] CRLF = {'\r', '\n'};
    /** A copy of some fields is short; a text that goes on without an empty line is none. */
    private static final int MAX_LINES = 50;

    private final EntityVisitor next;
    private final List<byte[]> lines;

    private LegacyDisplay(EntityVisitor next, List<byte[]> lines) {
        this.next = next;
        this.lines = lines;
    }

    /** @param lines none to change nothing */
    static EntityVisitor before(EntityVisitor next, List<byte[]> lines) {
        return lines.isEmpty() ? next : new LegacyDisplay(next, lines);
    }

    /** @return no line where the content is not fit for it, or nothing is hidden */
    static List<byte[]> lines(Headers content, List<HeaderField> hidden) {
        PartType part = PartType.of(content);
        Optional<ContentType> type = PartType.contentType(content);
        if (hidden.isEmpty() || type.isEmpty() || !part.mediaType().equals("text/plain") || part.isEncoded()) {
            return List.of();
        }
        Charset charset = charset(type.get());
        List<byte[]> lines = new ArrayList<>();
        for (HeaderField field : hidden) {
            String line = field.name() + ": " + HeaderProtection.decoded(field.value());
            if (!charset.newEncoder().canEncode(line)) {
                return List.of();
            }
            lines.add(line.getBytes(charset));
        }
        lines.add(new byte[0]);
        return lines;
    }

    private static Charset charset(ContentType type) {
        String name = type.getParameter("charset");
        try {
            return name == null ? StandardCharsets.US_ASCII : Charset.forName(MimeUtility.javaCharset(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.US_ASCII;
        }
    }

    static Headers marked(Headers content) {
        return new Headers(content.fields().stream()
                .map(field -> field.is("Content-Type") ? field.withParameter(PARAMETER + "=\"1\"") : field)
                .toList());
    }

    /** Writes a payload without the copy, whose fields the reader has from the header itself (RFC 9788 §4.5.3). */
    static void writeWithout(Source payload, OutputStream out) throws IOException {
        Headers headers = SecureBody.headers(payload);
        if (!carries(headers) || !skip(payload)) {
            payload.writeTo(out);
            return;
        }
        OutputStream buffered = new BufferedOutputStream(new KeepOpen(out), 1 << 16);
        try (InputStream in = payload.open()) {
            LineReader lines = new LineReader(in);
            Mail.readHeaders(lines);
            withoutMark(headers).writeTo(buffered);
            buffered.write(CRLF);
            while (lines.next() && lines.length() > 0) {
                // A line of the copy, up to the empty one.
            }
            while (lines.next()) {
                buffered.write(lines.bytes(), lines.offset(), lines.length());
                if (lines.ending() != Ending.NONE) {
                    buffered.write(CRLF, lines.ending() == Ending.LF ? 1 : 0, lines.ending() == Ending.LF ? 1 : 2);
                }
            }
        }
        buffered.flush();
    }

    /** Left in place, it would tell the next reader to take the first paragraph away. */
    private static Headers withoutMark(Headers headers) {
        return new Headers(headers.fields().stream()
                .map(field -> field.is("Content-Type") ? withoutMark(field) : field)
                .toList());
    }

    private static HeaderField withoutMark(HeaderField field) {
        ContentType type = PartType.contentType(new Headers(List.of(field))).orElseThrow();
        ParameterList parameters = type.getParameterList();
        if (parameters != null) {
            parameters.remove(PARAMETER);
        }
        return HeaderField.of(field.name(), type.toString());
    }

    private static boolean carries(Headers headers) {
        PartType part = PartType.of(headers);
        return part.mediaType().equals("text/plain")
                && !part.transferEncoding().equals("base64")
                && PartType.contentType(headers)
                        .filter(type -> "1".equals(type.getParameter(PARAMETER)))
                        .filter(type -> type.getParameter(HeaderProtection.PARAMETER) != null)
                        .isPresent();
    }

    /** Whether there is an empty line soon. */
    private static boolean skip(Source payload) throws IOException {
        try (InputStream in = payload.open()) {
            LineReader lines = new LineReader(in);
            Mail.readHeaders(lines);
            for (int i = 0; i < MAX_LINES && lines.next(); i++) {
                if (lines.length() == 0) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void header(Headers headers, PartType type) throws IOException {
        next.header(headers, type);
    }

    @Override
    public void beginLeaf(PartType type) throws IOException {
        next.beginLeaf(type);
        for (byte[] line : lines) {
            next.content(line, 0, line.length);
            next.lineBreak(Ending.CRLF);
        }
    }

    @Override
    public void content(byte[] bytes, int offset, int length) throws IOException {
        next.content(bytes, offset, length);
    }

    @Override
    public boolean needsLines() {
        return next.needsLines();
    }

    @Override
    public void lines(byte[] bytes, int offset, int length, int count, Ending ending) throws IOException {
        next.lines(bytes, offset, length, count, ending);
    }

    @Override
    public void plainOctets(byte[] bytes, int offset, int length, Ending ending) throws IOException {
        next.plainOctets(bytes, offset, length, ending);
    }

    @Override
    public void lineBreak(Ending ending) throws IOException {
        next.lineBreak(ending);
    }

    @Override
    public void endLeaf() throws IOException {
        next.endLeaf();
    }

    @Override
    public void structure(byte[] bytes, int offset, int length) throws IOException {
        next.structure(bytes, offset, length);
    }

    @Override
    public void structureLineBreak() throws IOException {
        next.structureLineBreak();
    }
}
