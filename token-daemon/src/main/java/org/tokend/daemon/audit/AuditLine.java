package org.tokend.daemon.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.Caller;

/** One line of the file: a JSON object that carries the hash of the line before it. */
final class AuditLine {
    /** What the first line names as the hash of the one before. */
    static final String NOTHING_BEFORE = "0".repeat(64);

    private static final int MAX_PURPOSE = 200;
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private AuditLine() {}

    /** @param previous hash of the line before */
    record Link(long sequence, String previous) {}

    /** ASCII without a line break. */
    static byte[] write(Link link, Instant time, AuditEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("seq", link.sequence());
            json.writeStringField("time", time.toString());
            json.writeStringField("event", entry.event().name().toLowerCase(Locale.ROOT));
            Caller caller = entry.caller();
            if (caller != null) {
                json.writeNumberField("uid", caller.uid());
                json.writeNumberField("pid", caller.pid());
                json.writeStringField("program", caller.program());
                json.writeStringField("front", caller.front().recordName());
            }
            writeOptional(json, "token", entry.token());
            writeOptional(json, "key", entry.key());
            writeOptional(json, "algorithm", entry.algorithm());
            writeOptional(json, "detail", entry.detail());
            if (!entry.purpose().isEmpty()) {
                json.writeStringField("purpose", shortened(entry.purpose()));
            }
            json.writeStringField("outcome", entry.outcome());
            if (entry.verified() != null) {
                json.writeBooleanField("verified", entry.verified());
            }
            json.writeStringField("previous", link.previous());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when the line is not one of ours */
    static Link read(byte[] line) throws IOException {
        long sequence = -1;
        String previous = null;
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("seq") && value == JsonToken.VALUE_NUMBER_INT) {
                    sequence = json.getLongValue();
                } else if (name.equals("previous")) {
                    previous = json.getText();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IOException("it is not complete");
            }
        }
        if (sequence < 0 || previous == null) {
            throw new IOException("it lacks seq or previous");
        }
        return new Link(sequence, previous);
    }

    static String hash(byte[] line) {
        try {
            return hash(line, MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String hash(byte[] line, MessageDigest sha256) {
        return HexFormat.of().formatHex(sha256.digest(line));
    }

    private static void writeOptional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static String shortened(String purpose) {
        String printable = purpose.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX_PURPOSE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable;
    }
}
