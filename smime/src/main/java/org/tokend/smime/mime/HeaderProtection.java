package org.tokend.smime.mime;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a sender wrote into the header of the mail, as it stands inside the payload where it is signed or encrypted with it
 * (RFC 9788 §4).
 *
 * @param fields From, Subject and the others as the sender wrote them
 * @param changes between what the sender put outside and what stands there now
 */
public record HeaderProtection(Level level, Headers fields, List<Change> changes) {

    /** Those that a person sees or answers to. Others are rewritten by honest servers too often to speak of. */
    private static final List<String> COMPARED =
            List.of("From", "Sender", "Reply-To", "To", "Cc", "Followup-To", "Subject", "Date", "Keywords", "Comments");

    private static final Set<String> ADDRESSES = Set.of("from", "sender", "reply-to", "to", "cc");
    static final String OUTER = "HP-Outer";
    static final String PARAMETER = "hp";
    /** What mutt and others wrote before there was an RFC: draft-autocrypt-lamps-protected-headers. */
    private static final String OLD_PARAMETER = "protected-headers";
    /** What they put outside in the place of a subject; they do not say inside that they did. */
    private static final Set<String> OLD_PLACEHOLDERS = Set.of("...", "[...]", "Encrypted Message");

    /** The parameter hp of the payload's Content-Type (RFC 9788 §2.1), and what was before it. */
    public enum Level {
        /** Signed: everybody may read the header, and nobody may change it. */
        CLEAR,
        /** Encrypted: part of the header is for the recipients alone. */
        CIPHER,
        /** Some fields are inside, mostly the Subject, and nothing is said of the others: an older form, which mutt writes. */
        PARTIAL
    }

    /** One field that is not what the sender sent. */
    public record Change(String name, List<String> sent, List<String> received) {

        public Change {
            sent = List.copyOf(sent);
            received = List.copyOf(received);
        }
    }

    public HeaderProtection {
        changes = List.copyOf(changes);
    }

    /**
     * @param payload without any layer of encryption or signature
     * @param outer of the mail as it arrived
     * @return empty where the payload does not say that it carries the header
     */
    public static Optional<HeaderProtection> of(Source payload, Headers outer) throws IOException {
        Headers inner = SecureBody.headers(payload);
        if (SecureBody.isSecure(payload)) {
            return Optional.empty();
        }
        return level(inner).map(level -> {
            Headers fields = new Headers(inner.mailFields().fields().stream()
                    .filter(field -> !field.is(OUTER))
                    .toList());
            List<Change> changes = switch (level) {
                case CLEAR -> changes(fields, outer);
                case CIPHER -> changes(sentOutside(inner), outer);
                case PARTIAL ->
                    changes(fields, outer).stream()
                            .filter(each -> !each.sent().isEmpty())
                            .filter(each -> !OLD_PLACEHOLDERS.containsAll(each.received()))
                            .toList();
            };
            return new HeaderProtection(level, fields, changes);
        });
    }

    private static Optional<Level> level(Headers inner) {
        Optional<ContentType> type = PartType.contentType(inner);
        Optional<String> old = type.map(each -> each.getParameter(OLD_PARAMETER));
        return type.map(each -> each.getParameter(PARAMETER))
                .flatMap(value -> Stream.of(Level.CLEAR, Level.CIPHER)
                        .filter(each -> each.name().equalsIgnoreCase(value))
                        .findFirst())
                .or(() -> old.filter("v1"::equalsIgnoreCase).map(v1 -> Level.PARTIAL));
    }

    /** HP-Outer says what the sender left outside (RFC 9788 §2.2). */
    private static Headers sentOutside(Headers inner) {
        List<HeaderField> outside = new ArrayList<>();
        for (HeaderField field : inner.fields()) {
            String value = field.value();
            int colon = value.indexOf(':');
            if (field.is(OUTER) && colon > 0) {
                outside.add(new HeaderField(value.substring(0, colon).trim(), value.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return new Headers(outside);
    }

    /** Bytes that were handed over without a header have none that could have been changed. */
    private static List<Change> changes(Headers sent, Headers received) {
        List<Change> changes = new ArrayList<>();
        if (sent.fields().isEmpty() || received.mailFields().fields().isEmpty()) {
            return changes;
        }
        for (String name : COMPARED) {
            List<String> before = texts(sent, name);
            List<String> after = texts(received, name);
            if (!before.equals(after)) {
                changes.add(new Change(name, before, after));
            }
        }
        return changes;
    }

    private static List<String> texts(Headers headers, String name) {
        return headers.fields().stream()
                .filter(field -> field.is(name))
                .map(HeaderProtection::text)
                .toList();
    }

    /** The decoded text of a protected field; empty where there is none. */
    public Optional<String> text(String name) {
        return fields.first(name).map(HeaderProtection::text);
    }

    /** As a person reads it, however it was folded, quoted and encoded on its way. */
    private static String text(HeaderField field) {
        String value = field.value();
        if (ADDRESSES.contains(field.name().toLowerCase(Locale.ROOT))) {
            try {
                List<String> all = new ArrayList<>();
                for (InternetAddress each : InternetAddress.parse(value, false)) {
                    String name = each.getPersonal();
                    all.add(name == null ? each.getAddress() : name + " <" + each.getAddress() + ">");
                }
                return String.join(", ", all);
            } catch (AddressException notAddresses) {
                return decoded(value);
            }
        }
        return decoded(value);
    }

    static String decoded(String value) {
        try {
            return MimeUtility.decodeText(value).replaceAll("\\s+", " ");
        } catch (UnsupportedEncodingException unknown) {
            return value;
        }
    }

    /**
     * What a reader is to see in front of the content besides the fields in it: marks of the way, but nothing that the sender
     * would have written, for whoever put that there was not the sender.
     */
    public Headers around(Headers outer) {
        return new Headers(outer.mailFields().fields().stream()
                .filter(field -> fields.first(field.name()).isEmpty())
                .filter(field -> level == Level.PARTIAL || COMPARED.stream().noneMatch(field::is))
                .toList());
    }
}
