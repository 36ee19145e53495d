package org.tokend.tokenctl.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.HeaderProtection;

/** The header that a sender put inside a mail, and what became of it outside. */
public final class HeaderText {

    private static final List<String> SHOWN = List.of("From", "To", "Cc", "Date", "Subject");

    private HeaderText() {}

    public static List<String> lines(@Nullable HeaderProtection protection) {
        if (protection == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("header: the sender's own, "
                + switch (protection.level()) {
                    case CIPHER -> "partly for the recipients alone";
                    case CLEAR -> "covered by the signature";
                    case PARTIAL -> "a part of it; the rest is not protected";
                });
        SHOWN.forEach(name ->
                protection.text(name).ifPresent(text -> lines.add("  " + name.toLowerCase(Locale.ROOT) + ": " + text)));
        for (HeaderProtection.Change change : protection.changes()) {
            lines.add("  CHANGED on the way: " + change.name() + " was sent as " + quoted(change.sent())
                    + ", and is outside " + quoted(change.received()));
        }
        return lines;
    }

    private static String quoted(List<String> values) {
        return values.isEmpty() ? "nothing" : "\"" + String.join("\" and \"", values) + "\"";
    }

    /** Fields of the object that is being written. */
    public static void write(JsonGenerator json, @Nullable HeaderProtection protection) throws IOException {
        json.writeStringField(
                "headerProtection",
                protection == null ? null : protection.level().name().toLowerCase(Locale.ROOT));
        if (protection == null) {
            return;
        }
        json.writeStringField("subject", protection.text("Subject").orElse(null));
        json.writeArrayFieldStart("headerChanges");
        for (HeaderProtection.Change change : protection.changes()) {
            json.writeStartObject();
            json.writeStringField("field", change.name());
            SignerText.strings(json, "sent", change.sent());
            SignerText.strings(json, "received", change.received());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
