package org.tokend.tokenctl.output;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.tokend.protocol.Reply;

/** Events in words and in JSON. */
public final class EventText {

    private EventText() {}

    public static String json(Reply.Event event) {
        return Json.text(json -> {
            json.writeStringField("event", event.kind().wireName());
            json.writeStringField("token", event.token());
            json.writeStringField("message", event.message());
            json.writeStringField("time", event.time().toString());
        });
    }

    /** The label in the URI of a token, in quotes, or the whole URI where it has none. */
    public static String label(String uri) {
        for (String attribute : uri.replaceFirst("^pkcs11:", "").split("[;?]", -1)) {
            if (attribute.startsWith("token=")) {
                String value = attribute.substring("token=".length()).replace("+", "%2B");
                try {
                    return '"' + URLDecoder.decode(value, StandardCharsets.UTF_8) + '"';
                } catch (IllegalArgumentException notEncoded) {
                    return '"' + value + '"';
                }
            }
        }
        return uri;
    }
}
