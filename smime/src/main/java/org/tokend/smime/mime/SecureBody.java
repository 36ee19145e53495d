package org.tokend.smime.mime;

import jakarta.mail.internet.ContentType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Whether an entity is an S/MIME body, by its header (RFC 8551 §3.2, §3.9). */
public final class SecureBody {

    private SecureBody() {}

    public static Headers headers(Source source) throws IOException {
        try (InputStream in = source.open()) {
            Headers headers = Mail.readHeaders(new LineReader(in));
            return headers == null ? Headers.NONE : headers;
        } catch (MalformedMailException binary) {
            return Headers.NONE;
        }
    }

    public static boolean isClearSigned(Source source) throws IOException {
        Optional<ContentType> type = PartType.contentType(headers(source));
        String protocol = type.map(each -> each.getParameter("protocol")).orElse("");
        return type.isPresent()
                && type.get().match("multipart/signed")
                && (protocol == null || protocol.isEmpty() || protocol.contains("pkcs7"));
    }

    public static boolean isSecure(Source source) throws IOException {
        Optional<ContentType> type = PartType.contentType(headers(source));
        return isClearSigned(source)
                || type.isPresent()
                        && (type.get().match("application/pkcs7-mime")
                                || type.get().match("application/x-pkcs7-mime"));
    }
}
