package org.tokend.smime.mime;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.HeaderProtection.Level;
import org.tokend.smime.mime.LineReader.Ending;

/** A mail that is to be signed, looked through once; its body stays where it is. */
public final class Mail {

    /** What the first look found, for the second. */
    private record Findings(List<LeafEncoding> encodings, List<PlainRuns.Run> plain) {}

    private final Source source;
    private final @Nullable Headers headers;
    private final Headers content;
    private final Findings findings;
    private final boolean lineFeeds;
    private final List<byte[]> legacyDisplay;

    private Mail(
            Source source,
            @Nullable Headers headers,
            Headers content,
            Findings findings,
            boolean lineFeeds,
            List<byte[]> legacyDisplay) {
        this.source = source;
        this.headers = headers;
        this.content = content;
        this.findings = findings;
        this.lineFeeds = lineFeeds;
        this.legacyDisplay = legacyDisplay;
    }

    /** Text without any header is taken as the body of a mail that has none. */
    public static Mail read(Source source) throws IOException {
        Ending firstEnding;
        Headers headers;
        try (InputStream in = source.open()) {
            LineReader lines = new LineReader(in);
            headers = readHeaders(lines);
        }
        try (InputStream in = source.open()) {
            LineReader lines = new LineReader(in);
            firstEnding = lines.next() ? lines.ending() : Ending.LF;
        }
        Headers content = headers == null ? Headers.NONE : headers.contentFields();
        LeafScan scan = new LeafScan();
        List<PlainRuns.Run> plain = walk(source, headers != null, content, scan, List.of());
        if (content.value("Content-Type").isEmpty()) {
            String charset = scan.utf8().contains(true) ? "utf-8" : "us-ascii";
            content = content.with("Content-Type", "text/plain; charset=" + charset);
        }
        return new Mail(
                source, headers, content, new Findings(scan.encodings(), plain), firstEnding != Ending.CRLF, List.of());
    }

    /** The same mail with a copy of its header inside, where the signature covers it (RFC 9788 §5.2). */
    public Mail withSignedHeaders() throws IOException {
        return withProtectedHeaders(Level.CLEAR);
    }

    /** The same mail with its header inside, and nothing outside that tells strangers what it is about. */
    public Mail withHiddenHeaders() throws IOException {
        return withProtectedHeaders(Level.CIPHER);
    }

    private Mail withProtectedHeaders(Level level) throws IOException {
        Optional<ProtectedFields> fields =
                headers == null ? Optional.empty() : ProtectedFields.of(headers, content, level);
        if (fields.isEmpty()) {
            return this;
        }
        ProtectedFields found = fields.get();
        List<byte[]> copy = LegacyDisplay.lines(found.content(), found.hidden());
        if (copy.isEmpty()) {
            return new Mail(source, found.outer(), found.content(), findings, lineFeeds, copy);
        }
        LeafScan scan = new LeafScan();
        Headers marked = LegacyDisplay.marked(found.content());
        List<PlainRuns.Run> plain = walk(source, true, marked, LegacyDisplay.before(scan, copy), List.of());
        return new Mail(source, found.outer(), marked, new Findings(scan.encodings(), plain), lineFeeds, copy);
    }

    private static List<PlainRuns.Run> walk(
            Source source, boolean hasHeaders, Headers content, EntityVisitor visitor, List<PlainRuns.Run> known)
            throws IOException {
        try (InputStream in = source.open()) {
            LineReader lines = new LineReader(in);
            if (hasHeaders) {
                readHeaders(lines);
            }
            return new EntityWalker(lines, visitor, known).walk(content);
        }
    }

    /** A file out of an mbox starts with a line of its own, which is no part of the mail. */
    static @Nullable Headers readHeaders(LineReader lines) throws IOException {
        if (!lines.next()) {
            return Headers.NONE;
        }
        boolean mbox = lines.length() > 5
                && new String(lines.bytes(), lines.offset(), 5, StandardCharsets.US_ASCII).equals("From ");
        return mbox ? Headers.read(lines) : Headers.readFromCurrentLine(lines);
    }

    /** The addresses in From, lower-case domain untouched; empty where there is none or it cannot be understood. */
    public List<String> from() {
        String value = headers == null ? "" : headers.value("From").orElse("");
        try {
            return Stream.of(InternetAddress.parse(value, false))
                    .map(InternetAddress::getAddress)
                    .toList();
        } catch (AddressException notAnAddress) {
            return List.of();
        }
    }

    /** Everybody in To, Cc and Bcc. */
    public List<String> recipients() throws MalformedMailException {
        List<String> all = new ArrayList<>();
        if (headers == null) {
            return all;
        }
        for (HeaderField field : headers.fields()) {
            if (field.is("To") || field.is("Cc") || field.is("Bcc")) {
                try {
                    for (InternetAddress each : InternetAddress.parseHeader(field.value(), true)) {
                        all.addAll(members(each));
                    }
                } catch (AddressException broken) {
                    throw new MalformedMailException("the recipients in " + field.name() + " cannot be understood: "
                            + broken.getMessage() + "; correct the field or name them with --to");
                }
            }
        }
        return all;
    }

    private static List<String> members(InternetAddress address) throws AddressException {
        if (!address.isGroup()) {
            return List.of(address.getAddress());
        }
        List<String> members = new ArrayList<>();
        for (InternetAddress each : address.getGroup(true)) {
            members.add(each.getAddress());
        }
        return members;
    }

    /** Whether the file ends its lines with LF alone, as files on Unix do. */
    public boolean usesLineFeeds() {
        return lineFeeds;
    }

    /** Writes the fields that stay outside the signature, lines ended by CRLF. */
    public void writeMailFields(OutputStream out) throws IOException {
        if (headers != null) {
            headers.writeMailFields(out);
        }
    }

    /** Writes what is signed: the content's own fields, an empty line and the body, canonical and ready for transport. */
    public void writeEntity(OutputStream out) throws IOException {
        writeEntity(EntityOutput.of(out));
    }

    /** The same, to be hashed and into a mail. */
    public void writeEntity(OutputStream digest, OutputStream mail) throws IOException {
        writeEntity(EntityOutput.of(digest, mail));
    }

    private void writeEntity(EntityOutput out) throws IOException {
        EntityWriter writer = new EntityWriter(out, findings.encodings());
        walk(source, headers != null, content, LegacyDisplay.before(writer, legacyDisplay), findings.plain());
        writer.finish();
    }
}
