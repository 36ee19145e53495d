package org.tokend.smime.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A block of header fields, in order. */
public record Headers(List<HeaderField> fields) {

    /** No honest mail comes near; a hostile one must not fill the heap. */
    static final int MAX_BYTES = 1 << 20;

    public static final Headers NONE = new Headers(List.of());

    public Headers {
        fields = List.copyOf(fields);
    }

    public Optional<HeaderField> first(String name) {
        return fields.stream().filter(field -> field.is(name)).findFirst();
    }

    public Optional<String> value(String name) {
        return first(name).map(HeaderField::value);
    }

    Headers contentFields() {
        return new Headers(fields.stream().filter(HeaderField::describesContent).toList());
    }

    /** What stays outside the signature: everything but the content's description and the MIME version. */
    Headers mailFields() {
        return new Headers(fields.stream()
                .filter(field -> !field.describesContent() && !field.is("MIME-Version"))
                .toList());
    }

    /** Writes {@link #mailFields}, each ended by CRLF. */
    public void writeMailFields(OutputStream out) throws IOException {
        mailFields().writeTo(out);
    }

    void writeTo(OutputStream out) throws IOException {
        for (HeaderField field : fields) {
            out.write(field.raw());
            out.write('\r');
            out.write('\n');
        }
    }

    Headers with(String name, String value) {
        List<HeaderField> changed =
                new ArrayList<>(fields.stream().filter(field -> !field.is(name)).toList());
        changed.add(HeaderField.of(name, value));
        return new Headers(changed);
    }

    /**
     * Reads up to and including the empty line.
     *
     * @return null if what stands there is not a header block
     */
    static @Nullable Headers read(LineReader in) throws IOException {
        return in.next() ? readFromCurrentLine(in) : NONE;
    }

    /** The same, where the reader already stands on the first line. */
    static @Nullable Headers readFromCurrentLine(LineReader in) throws IOException {
        List<HeaderField> fields = new ArrayList<>();
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        int total = 0;
        do {
            total += in.length();
            if (total > MAX_BYTES) {
                throw new MalformedMailException("the header is longer than " + MAX_BYTES + " bytes");
            }
            if (in.startsLine() && in.length() == 0) {
                break;
            }
            boolean continues = !in.startsLine() || isBlank(in.bytes()[in.offset()]);
            if (continues && field.size() == 0) {
                return null;
            }
            if (!continues) {
                if (nameLength(in.bytes(), in.offset(), in.length()) == 0) {
                    return null;
                }
                finish(field, fields);
            } else if (in.startsLine()) {
                field.writeBytes(new byte[] {'\r', '\n'});
            }
            field.write(in.bytes(), in.offset(), in.length());
        } while (in.next());
        finish(field, fields);
        return new Headers(fields);
    }

    private static void finish(ByteArrayOutputStream field, List<HeaderField> fields) {
        if (field.size() > 0) {
            byte[] raw = field.toByteArray();
            int length = nameLength(raw, 0, raw.length);
            String name = new String(raw, 0, length, StandardCharsets.US_ASCII).trim();
            fields.add(new HeaderField(name, raw));
            field.reset();
        }
    }

    /** Length of the field name, or 0 where the line is no header field (RFC 5322 §2.2, blanks before the colon allowed). */
    private static int nameLength(byte[] bytes, int offset, int length) {
        int i = 0;
        while (i < length && bytes[offset + i] > ' ' && bytes[offset + i] < 127 && bytes[offset + i] != ':') {
            i++;
        }
        int end = i;
        while (i < length && isBlank(bytes[offset + i])) {
            i++;
        }
        return i < length && bytes[offset + i] == ':' ? end : 0;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
