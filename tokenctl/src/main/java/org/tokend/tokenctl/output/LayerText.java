package org.tokend.tokenctl.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokend.smime.MessageReader.Compressed;
import org.tokend.smime.MessageReader.Encrypted;
import org.tokend.smime.MessageReader.Layer;
import org.tokend.smime.MessageReader.OpenedMail;
import org.tokend.smime.MessageReader.Signed;
import org.tokend.smime.mime.HeaderProtection;

/** What was around a mail, outermost first. */
public final class LayerText {

    private LayerText() {}

    public static ExitStatus status(OpenedMail mail) {
        if (mail.isBad()) {
            return ExitStatus.DATA;
        }
        return mail.isProven() ? ExitStatus.OK : ExitStatus.NOT_PROVEN;
    }

    public static List<String> lines(OpenedMail mail, Optional<HeaderProtection> protection, boolean explain) {
        List<String> lines = new ArrayList<>();
        for (Layer layer : mail.layers()) {
            switch (layer) {
                case Encrypted encrypted -> lines.add(line(encrypted));
                case Signed signed -> lines.addAll(SignerText.lines(signed.mail(), explain));
                case Compressed compressed -> lines.add("compressed: " + compressed.size() + " bytes");
            }
        }
        boolean said = mail.layers().stream()
                .anyMatch(
                        layer -> layer instanceof Signed signed && signed.mail().protection() != null);
        if (!said && !mail.isBad()) {
            lines.addAll(HeaderText.lines(protection.orElse(null)));
        }
        if (mail.layers().stream().noneMatch(Signed.class::isInstance)) {
            lines.add("encrypted, and not signed: nothing says who wrote this");
        }
        if (mail.isUnauthenticated()) {
            lines.add("not authenticated: whoever could change the mail on its way could change the content; do not let"
                    + " a program load what it links to");
        }
        return lines;
    }

    public static String line(Encrypted layer) {
        return "encrypted: " + layer.opened().algorithm().displayName()
                + (layer.opened().algorithm().isAuthenticated() ? "" : ", which does not show changes") + ", to "
                + layer.opened().key().certificate().subject() + ", key "
                + layer.opened().where();
    }

    public static void write(JsonGenerator json, OpenedMail mail, Optional<HeaderProtection> protection, String output)
            throws IOException {
        json.writeArrayFieldStart("layers");
        for (Layer layer : mail.layers()) {
            json.writeStartObject();
            switch (layer) {
                case Encrypted encrypted -> {
                    json.writeStringField("kind", "encrypted");
                    json.writeStringField("key", encrypted.opened().key().key().fingerprint());
                    json.writeStringField(
                            "cipher", encrypted.opened().algorithm().displayName());
                    json.writeBooleanField(
                            "authenticated", encrypted.opened().algorithm().isAuthenticated());
                }
                case Signed signed -> {
                    json.writeStringField("kind", "signed");
                    SignerText.write(json, signed.mail());
                }
                case Compressed compressed -> {
                    json.writeStringField("kind", "compressed");
                    json.writeNumberField("size", compressed.size());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        HeaderText.write(json, mail.isBad() ? null : protection.orElse(null));
        json.writeBooleanField("authenticated", !mail.isUnauthenticated());
        json.writeBooleanField("proven", mail.isProven());
        json.writeStringField("output", mail.isBad() ? null : output);
    }
}
