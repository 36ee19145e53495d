package org.tokend.smime.mime;

import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.ParseException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a part says about its body.
 *
 * @param mediaType lower case, {@code text/plain} where nothing is said
 * @param transferEncoding lower case, {@code 7bit} where nothing is said
 * @param boundary of a multipart whose parts may be looked into, or null
 */
record PartType(String mediaType, String transferEncoding, byte @Nullable [] boundary) {

    static PartType of(Headers headers) {
        Optional<ContentType> type = contentType(headers);
        String mediaType =
                type.map(value -> value.getBaseType().toLowerCase(Locale.ROOT)).orElse("text/plain");
        String encoding = headers.value("Content-Transfer-Encoding")
                .map(value -> value.toLowerCase(Locale.ROOT))
                .orElse("7bit");
        String boundary = type.map(value -> value.getParameter("boundary")).orElse(null);
        boolean descends = mediaType.startsWith("multipart/") && !isSealed(mediaType) && boundary != null;
        return new PartType(
                mediaType,
                encoding,
                descends && boundary != null ? boundary.getBytes(StandardCharsets.ISO_8859_1) : null);
    }

    static Optional<ContentType> contentType(Headers headers) {
        return headers.value("Content-Type").flatMap(value -> {
            try {
                return Optional.of(new ContentType(value));
            } catch (ParseException notATypeAtAll) {
                return Optional.empty();
            }
        });
    }

    /** A body whose bytes somebody else has signed or sealed: one changed byte would break it. */
    boolean isSealed() {
        return isSealed(mediaType);
    }

    private static boolean isSealed(String mediaType) {
        return mediaType.equals("multipart/signed") || mediaType.equals("multipart/encrypted");
    }

    boolean isMessage() {
        return mediaType.equals("message/rfc822") || mediaType.equals("message/global");
    }

    boolean isText() {
        return mediaType.startsWith("text/");
    }

    /** Encoded for transport already. */
    boolean isEncoded() {
        return transferEncoding.equals("base64") || transferEncoding.equals("quoted-printable");
    }

    boolean isLabelledSevenBit() {
        return transferEncoding.equals("7bit");
    }

    /** The bytes are not lines: line breaks in them must not be touched. */
    boolean isBinary() {
        return transferEncoding.equals("binary") && !isText();
    }
}
