package org.tokend.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Reply} → bytes of an answer. */
final class ReplyEncoder {
    private ReplyEncoder() {}

    static void write(JsonGenerator json, Reply reply) throws IOException {
        json.writeStartObject();
        if (reply instanceof Reply.Failure failure) {
            json.writeStringField(
                    "error", MessageCodec.INTERFACE + "." + failure.code().wireName());
            json.writeObjectFieldStart("parameters");
            writeFailure(json, failure.code(), failure.message());
        } else {
            json.writeObjectFieldStart("parameters");
            writeParameters(json, reply);
        }
        json.writeEndObject();
        if (reply instanceof Reply.Event || reply instanceof Reply.SomeKeys) {
            json.writeBooleanField("continues", true);
        }
        json.writeEndObject();
    }

    static void writeRefusal(JsonGenerator json, MessageException refusal) throws IOException {
        MessageException.Standard standard = refusal.standard();
        if (standard == null) {
            write(json, refusal.failure());
            return;
        }
        json.writeStartObject();
        json.writeStringField("error", standard.error);
        json.writeObjectFieldStart("parameters");
        json.writeStringField(standard.parameter, refusal.subject());
        writeFailure(json, refusal.code(), refusal.text());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeFailure(JsonGenerator json, ErrorCode code, String message) throws IOException {
        json.writeStringField("message", message);
        json.writeBooleanField("mayRetry", code.mayRetry());
    }

    private static void writeParameters(JsonGenerator json, Reply reply) throws IOException {
        if (reply instanceof Reply.Signature signature) {
            json.writeBinaryField("signature", signature.signature());
        } else if (reply instanceof Reply.Plaintext plaintext) {
            json.writeBinaryField("plaintext", plaintext.plaintext());
        } else if (reply instanceof Reply.ContentKey contentKey) {
            json.writeBinaryField("contentKey", contentKey.contentKey());
        } else if (reply instanceof Reply.SharedSecret secret) {
            json.writeBinaryField("sharedSecret", secret.sharedSecret());
        } else if (reply instanceof Reply.Pkcs12 file) {
            json.writeBinaryField("pkcs12", file.pkcs12());
        } else if (reply instanceof Reply.Protection protection) {
            writeProtection(json, protection);
        } else if (reply instanceof Reply.Tokens tokens) {
            writeTokens(json, tokens.tokens());
        } else if (reply instanceof Reply.Keys keys) {
            writeKeys(json, keys.keys());
        } else if (reply instanceof Reply.SomeKeys keys) {
            writeKeys(json, keys.keys());
        } else if (reply instanceof Reply.StatusReport report) {
            writeReport(json, report);
        } else if (reply instanceof Reply.Event event) {
            writeEvent(json, event);
        } else if (reply instanceof Reply.ServiceInfo info) {
            json.writeStringField("vendor", info.vendor());
            json.writeStringField("product", info.product());
            json.writeStringField("version", info.version());
            json.writeStringField("url", info.url());
            writeTexts(json, "interfaces", info.interfaces());
        } else if (reply instanceof Reply.InterfaceDescription description) {
            json.writeStringField("description", description.description());
        }
    }

    private static void writeProtection(JsonGenerator json, Reply.Protection protection) throws IOException {
        json.writeBooleanField("sensitive", protection.sensitive());
        json.writeBooleanField("extractable", protection.extractable());
        json.writeBooleanField("alwaysSensitive", protection.alwaysSensitive());
        json.writeBooleanField("neverExtractable", protection.neverExtractable());
        json.writeBooleanField("local", protection.local());
    }

    private static void writeTokens(JsonGenerator json, List<TokenDescription> tokens) throws IOException {
        json.writeArrayFieldStart("tokens");
        for (TokenDescription token : tokens) {
            json.writeStartObject();
            json.writeStringField("uri", token.uri());
            json.writeStringField("label", token.label());
            json.writeStringField("manufacturer", token.manufacturer());
            json.writeStringField("model", token.model());
            json.writeStringField("serial", token.serial());
            json.writeStringField("module", token.module());
            json.writeStringField("state", MessageCodec.wireName(token.state()));
            json.writeStringField("tries", MessageCodec.wireName(token.tries()));
            json.writeBooleanField("pinPad", token.pinPad());
            json.writeNumberField("keys", token.keys());
            writeOptional(json, "problem", token.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeKeys(JsonGenerator json, List<KeyDescription> keys) throws IOException {
        json.writeArrayFieldStart("keys");
        for (KeyDescription key : keys) {
            writeKey(json, key);
        }
        json.writeEndArray();
    }

    private static void writeKey(JsonGenerator json, KeyDescription key) throws IOException {
        json.writeStartObject();
        json.writeStringField("fingerprint", key.fingerprint());
        json.writeStringField("uri", key.uri());
        json.writeStringField("token", key.token());
        json.writeStringField("label", key.label());
        json.writeStringField("ckaId", key.ckaId());
        json.writeStringField("type", key.type());
        json.writeNumberField("bits", key.bits());
        writeOptional(json, "curve", key.curve());
        json.writeBinaryField("publicKey", key.publicKey());
        writeBinaries(json, "certificates", key.certificates());
        writeBinaries(json, "issuers", key.issuers());
        writeTexts(
                json,
                "algorithms",
                key.algorithms().stream().map(Algorithm::wireName).sorted().toList());
        json.writeBooleanField("asksEachTime", key.asksEachTime());
        writeOptional(json, "problem", key.problem());
        json.writeEndObject();
    }

    private static void writeBinaries(JsonGenerator json, String field, List<byte[]> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (byte[] value : values) {
            json.writeBinary(value);
        }
        json.writeEndArray();
    }

    private static void writeReport(JsonGenerator json, Reply.StatusReport report) throws IOException {
        json.writeStringField("version", report.version());
        json.writeNumberField("pid", report.pid());
        json.writeStringField("started", report.started().toString());
        json.writeNumberField("connections", report.connections());
        json.writeArrayFieldStart("modules");
        for (Reply.ModuleStatus module : report.modules()) {
            json.writeStartObject();
            json.writeStringField("name", module.name());
            json.writeStringField("state", MessageCodec.wireName(module.state()));
            json.writeNumberField("restarts", module.restarts());
            writeOptional(json, "problem", module.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeTokens(json, report.tokens());
    }

    private static void writeEvent(JsonGenerator json, Reply.Event event) throws IOException {
        json.writeObjectFieldStart("event");
        json.writeStringField("kind", event.kind().wireName());
        writeOptional(json, "token", event.token());
        json.writeStringField("message", event.message());
        json.writeStringField("time", event.time().toString());
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    static void writeOptional(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}
