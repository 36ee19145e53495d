package org.tokend.smime.mime;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeUtility;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.LineReader.Ending;

/**
 * A clear-signed mail (RFC 8551 §3.5.3): multipart/signed with exactly two parts. The first part is what is signed, to the
 * byte, in canonical form; nothing else in the mail is.
 */
public final class SignedMail {

    private static final int MAX_SIGNATURE = 8 << 20;
    private static final Set<String> SIGNATURE_TYPES =
            Set.of("application/pkcs7-signature", "application/x-pkcs7-signature");
    private static final byte[] CRLF = {'\r', '\n'};

    private final Source source;
    private final Headers headers;
    private final byte[] boundary;
    private final byte[] signature;

    private SignedMail(Source source, Headers headers, byte[] boundary, byte[] signature) {
        this.source = source;
        this.headers = headers;
        this.boundary = boundary;
        this.signature = signature;
    }

    /** @return empty where the source is something else than a mail that says it is multipart/signed */
    public static Optional<SignedMail> read(Source source) throws IOException {
        Headers headers = headersOf(source);
        Optional<ContentType> type = PartType.contentType(headers);
        if (type.isEmpty() || !type.get().match("multipart/signed")) {
            return Optional.empty();
        }
        String protocol = type.get().getParameter("protocol");
        if (protocol != null && !SIGNATURE_TYPES.contains(protocol.toLowerCase(Locale.ROOT))) {
            throw new MalformedMailException("the mail is signed by other means than S/MIME (" + protocol + ")");
        }
        String text = type.get().getParameter("boundary");
        if (text == null) {
            throw new MalformedMailException("the mail says it is signed, and has no boundary between its parts");
        }
        byte[] boundary = text.getBytes(StandardCharsets.ISO_8859_1);
        Parts parts = new Parts(boundary, OutputStream.nullOutputStream());
        parts.walk(source);
        return Optional.of(new SignedMail(source, headers, boundary, parts.signature()));
    }

    private static Headers headersOf(Source source) throws IOException {
        try (InputStream in = source.open()) {
            Headers headers = Mail.readHeaders(new LineReader(in));
            return headers == null ? Headers.NONE : headers;
        }
    }

    public Headers headers() {
        return headers;
    }

    /** BER. */
    public byte[] signature() {
        return signature.clone();
    }

    /** Writes what is signed, with CRLF. */
    public void writeContent(OutputStream out) throws IOException {
        OutputStream buffered = new BufferedOutputStream(new KeepOpen(out), 1 << 16);
        new Parts(boundary, buffered).walk(source);
        buffered.flush();
    }

    /** One walk through the parts. */
    private static final class Parts {
        private final byte[] boundary;
        private final OutputStream content;
        private final LineFeeds lineFeeds = new LineFeeds();
        private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        private @Nullable Headers signatureHeaders;

        Parts(byte[] boundary, OutputStream content) {
            this.boundary = boundary;
            this.content = content;
        }

        void walk(Source source) throws IOException {
            try (InputStream in = source.open()) {
                LineReader lines = new LineReader(in);
                Mail.readHeaders(lines);
                if (part(lines, OutputStream.nullOutputStream()) != End.DELIMITER) {
                    throw new MalformedMailException("the mail says it is signed, and has no parts; it is cut off");
                }
                if (part(lines, content) != End.DELIMITER) {
                    throw new MalformedMailException(
                            "the signature is missing from the mail: it was cut off, or a server took the attachment"
                                    + " smime.p7s out");
                }
                signatureHeaders = Headers.read(lines);
                if (part(lines, new Bounded(encoded)) == End.DELIMITER) {
                    throw new MalformedMailException(
                            "a signed mail has two parts, and this one has more: what is in the others is not signed,"
                                    + " so nothing is shown");
                }
            }
        }

        private enum End {
            DELIMITER,
            CLOSE,
            END_OF_MAIL
        }

        /** The line break before a delimiter belongs to it, and not to the part. */
        private End part(LineReader in, OutputStream out) throws IOException {
            Ending pending = Ending.NONE;
            while (in.nextLines()) {
                int rest = in.startsLine() && in.plainLines() == 0 ? Delimiter.restAfter(boundary, in) : -1;
                if (rest >= 0) {
                    return Delimiter.closes(rest, in) ? End.CLOSE : End.DELIMITER;
                }
                if (pending != Ending.NONE) {
                    out.write(CRLF);
                }
                pending = in.ending();
                if (in.plainLines() > 0 && pending == Ending.LF) {
                    lineFeeds.write(in.bytes(), in.offset(), in.length(), out);
                } else {
                    out.write(in.bytes(), in.offset(), in.length());
                }
            }
            return End.END_OF_MAIL;
        }

        byte[] signature() throws IOException {
            Headers own = signatureHeaders;
            String type = own == null
                    ? ""
                    : PartType.contentType(own)
                            .map(ContentType::getBaseType)
                            .orElse("")
                            .toLowerCase(Locale.ROOT);
            boolean named = own != null
                    && own.value("Content-Disposition")
                            .orElse("")
                            .toLowerCase(Locale.ROOT)
                            .contains(".p7s");
            if (own == null || !(SIGNATURE_TYPES.contains(type) || named)) {
                throw new MalformedMailException("the second part of the signed mail is no signature, but "
                        + (type.isEmpty() ? "has no type" : type) + "; a server may have replaced it");
            }
            String encoding = own.value("Content-Transfer-Encoding").orElse("7bit");
            try (InputStream decoded =
                    MimeUtility.decode(new ByteArrayInputStream(encoded.toByteArray()), encoding.trim())) {
                return decoded.readAllBytes();
            } catch (MessagingException unknown) {
                throw new MalformedMailException("the signature is encoded as " + encoding + ", which is not known");
            }
        }
    }

    /** Keeps a signature part from filling the heap. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream out;

        Bounded(ByteArrayOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (out.size() + length > MAX_SIGNATURE) {
                throw new MalformedMailException("the signature part is larger than " + MAX_SIGNATURE + " bytes");
            }
            out.write(bytes, offset, length);
        }
    }
}
