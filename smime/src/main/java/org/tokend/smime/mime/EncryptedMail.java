package org.tokend.smime.mime;

import jakarta.mail.internet.ContentType;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the CMS message in what a person hands over: a mail with an application/pkcs7-mime body, PEM, bare base64, or BER.
 *
 * @param headers of the mail; empty where there was none
 * @param cms BER, read as it is asked for
 */
public record EncryptedMail(Headers headers, InputStream cms) {

    private static final int SEQUENCE = 0x30;

    public static EncryptedMail read(InputStream source) throws IOException {
        BufferedInputStream in = new BufferedInputStream(source, 1 << 16);
        in.mark(1);
        int first = in.read();
        in.reset();
        if (first < 0) {
            throw new MalformedMailException("the input is empty");
        }
        if (first == SEQUENCE) {
            return new EncryptedMail(Headers.NONE, in);
        }
        HeaderInput header = new HeaderInput(in);
        if (header.startsWith("-----BEGIN ")) {
            header.skipLine();
            return new EncryptedMail(Headers.NONE, new Base64Input(in));
        }
        if (header.looksLikeBase64()) {
            return new EncryptedMail(Headers.NONE, new Base64Input(in));
        }
        Headers headers = header.headers();
        return new EncryptedMail(headers, body(headers, in));
    }

    private static InputStream body(Headers headers, BufferedInputStream in) throws IOException {
        String type = PartType.contentType(headers)
                .map(ContentType::getBaseType)
                .orElse("text/plain")
                .toLowerCase(Locale.ROOT);
        if (type.equals("multipart/signed")) {
            throw new MalformedMailException("the mail is signed but not encrypted: there is nothing to decrypt");
        }
        if (type.startsWith("multipart/") || type.startsWith("text/")) {
            throw new MalformedMailException("the mail is neither encrypted nor signed: its body is " + type
                    + ", and S/MIME needs application/pkcs7-mime; hand over the part alone if it is attached");
        }
        String encoding =
                headers.value("Content-Transfer-Encoding").orElse("7bit").toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "base64" -> new Base64Input(in);
            case "7bit", "8bit", "binary" -> unlabelled(in);
            default ->
                throw new MalformedMailException(
                        "the body is encoded as " + encoding + ", and an encrypted mail travels as base64");
        };
    }

    /** Without a label the bytes say what they are. */
    private static InputStream unlabelled(BufferedInputStream in) throws IOException {
        in.mark(1);
        int first = in.read();
        in.reset();
        return first == SEQUENCE ? in : new Base64Input(in);
    }

    /** The start of the input, looked at before anything is consumed. */
    private record HeaderInput(BufferedInputStream in) {

        boolean startsWith(String text) throws IOException {
            return new String(peek(text.length()), StandardCharsets.ISO_8859_1).equals(text);
        }

        /** BER that starts with a SEQUENCE starts with "M" in base64, and no header field is 64 characters without a colon. */
        boolean looksLikeBase64() throws IOException {
            byte[] start = peek(60);
            if (start.length == 0 || start[0] != 'M') {
                return false;
            }
            for (byte b : start) {
                if (b == ':' || b == ' ' || b == '-') {
                    return false;
                }
            }
            return true;
        }

        private byte[] peek(int count) throws IOException {
            in.mark(count);
            byte[] start = in.readNBytes(count);
            in.reset();
            return start;
        }

        void skipLine() throws IOException {
            int b = in.read();
            while (b >= 0 && b != '\n') {
                b = in.read();
            }
        }

        /** Reads byte by byte so that the body stays in the stream. */
        Headers headers() throws IOException {
            java.io.ByteArrayOutputStream block = new java.io.ByteArrayOutputStream();
            int lineLength = 0;
            int b = in.read();
            while (b >= 0) {
                block.write(b);
                if (b == '\n' && lineLength == 0) {
                    break;
                }
                lineLength = b == '\n' ? 0 : b == '\r' ? lineLength : lineLength + 1;
                if (block.size() > Headers.MAX_BYTES) {
                    throw new MalformedMailException("the header is longer than " + Headers.MAX_BYTES + " bytes");
                }
                b = in.read();
            }
            Headers headers = Mail.readHeaders(new LineReader(new ByteArrayInputStream(block.toByteArray())));
            if (headers == null || headers.fields().isEmpty()) {
                throw new MalformedMailException("the input is neither a mail nor a CMS message in PEM, base64 or DER");
            }
            return headers;
        }
    }
}
