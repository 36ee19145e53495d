package org.tokend.smime.mime;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import java.io.ByteArrayOutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.HeaderProtection.Level;

/**
 * The header of a mail, put into the payload (RFC 9788 §5.2).
 *
 * @param outer what everybody on the way reads
 * @param content the payload's own header
 * @param hidden those fields that are not outside, or not as they are inside
 */
record ProtectedFields(Headers outer, Headers content, List<HeaderField> hidden) {

    private static final String OBSCURED = "[...]";
    private static final Set<String> ADDRESSES = Set.of("from", "sender", "reply-to", "to", "cc");
    /** Bcc must not be shown to the others; the rest is written by servers and mail stores, and not by the sender. */
    private static final Set<String> LEFT_OUT = Set.of(
            "bcc",
            "received",
            "return-path",
            "delivered-to",
            "x-original-to",
            "dkim-signature",
            "authentication-results",
            "status",
            "x-status",
            "lines",
            "hp-outer");

    /** @return empty where the content is a layer itself, whose payload is deeper, or says nothing that can be understood */
    static Optional<ProtectedFields> of(Headers headers, Headers content, Level level) {
        Optional<ContentType> type = PartType.contentType(content);
        if (type.isEmpty() || isLayer(type.get())) {
            return Optional.empty();
        }
        List<HeaderField> inside = new ArrayList<>();
        List<HeaderField> outside = new ArrayList<>();
        List<HeaderField> hidden = new ArrayList<>();
        List<HeaderField> told = new ArrayList<>();
        for (HeaderField field : headers.mailFields().fields()) {
            HeaderField shown = level == Level.CIPHER ? obscured(field) : field;
            if (shown != null && !field.is(HeaderProtection.OUTER)) {
                outside.add(shown);
            }
            if (isProtected(field)) {
                inside.add(transportable(field));
                if (shown != null && level == Level.CIPHER) {
                    told.add(prefixed(transportable(shown)));
                }
                if (shown != field) {
                    hidden.add(field);
                }
            }
        }
        List<HeaderField> payload = Stream.of(
                        inside.stream(),
                        told.stream(),
                        content.fields().stream().map(field -> field.is("Content-Type") ? marked(field, level) : field))
                .flatMap(each -> each)
                .toList();
        return Optional.of(new ProtectedFields(new Headers(outside), new Headers(payload), List.copyOf(hidden)));
    }

    private static boolean isLayer(ContentType type) {
        return type.match("application/pkcs7-mime")
                || type.match("application/x-pkcs7-mime")
                || type.match("multipart/signed")
                || type.match("multipart/encrypted");
    }

    private static boolean isProtected(HeaderField field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        return !LEFT_OUT.contains(name)
                && !name.startsWith("resent-")
                && !name.startsWith("arc-")
                && !name.startsWith("x-mozilla-");
    }

    /** The baseline of RFC 9788 §3.2.1. */
    private static @Nullable HeaderField obscured(HeaderField field) {
        if (field.is("Subject")) {
            return HeaderField.of(field.name(), OBSCURED);
        }
        return field.is("Keywords") || field.is("Comments") ? null : field;
    }

    private static HeaderField prefixed(HeaderField field) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        raw.writeBytes((HeaderProtection.OUTER + ": ").getBytes(StandardCharsets.US_ASCII));
        raw.writeBytes(field.raw());
        return new HeaderField(HeaderProtection.OUTER, raw.toByteArray());
    }

    /** What is signed must be ASCII, or a server would re-encode it (RFC 8551 §3.1.3). */
    private static HeaderField transportable(HeaderField field) {
        for (byte each : field.raw()) {
            if (each < 0) {
                return HeaderField.of(field.name(), encoded(field));
            }
        }
        return field;
    }

    private static String encoded(HeaderField field) {
        try {
            if (ADDRESSES.contains(field.name().toLowerCase(Locale.ROOT))) {
                InternetAddress[] addresses = InternetAddress.parse(field.value(), false);
                for (InternetAddress each : addresses) {
                    each.setPersonal(each.getPersonal(), "utf-8");
                }
                return InternetAddress.toString(addresses);
            }
        } catch (AddressException | UnsupportedEncodingException notAddresses) {
            // Then it is text like any other.
        }
        try {
            return MimeUtility.fold(field.name().length() + 2, MimeUtility.encodeText(field.value(), "utf-8", null));
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A mark that the mail brought along from an earlier life gives way. */
    private static HeaderField marked(HeaderField field, Level level) {
        String mark = HeaderProtection.PARAMETER + "=\"" + level.name().toLowerCase(Locale.ROOT) + "\"";
        ContentType type = PartType.contentType(new Headers(List.of(field))).orElseThrow();
        ParameterList parameters = type.getParameterList();
        boolean old = type.getParameter(HeaderProtection.PARAMETER) != null
                || type.getParameter(LegacyDisplay.PARAMETER) != null;
        if (old && parameters != null) {
            parameters.remove(HeaderProtection.PARAMETER);
            parameters.remove(LegacyDisplay.PARAMETER);
            return HeaderField.of(field.name(), type + ";\r\n " + mark);
        }
        return field.withParameter(mark);
    }
}
