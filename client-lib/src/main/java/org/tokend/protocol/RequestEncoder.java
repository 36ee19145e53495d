package org.tokend.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** {@link Envelope} → bytes of a call. */
final class RequestEncoder {
    private RequestEncoder() {}

    static void write(JsonGenerator json, Envelope envelope) throws IOException {
        json.writeStartObject();
        json.writeStringField("method", envelope.request().method());
        json.writeObjectFieldStart("parameters");
        writeParameters(json, envelope.request());
        json.writeEndObject();
        if (envelope.more()) {
            json.writeBooleanField("more", true);
        }
        if (envelope.oneway()) {
            json.writeBooleanField("oneway", true);
        }
        json.writeEndObject();
    }

    private static void writeParameters(JsonGenerator json, Request request) throws IOException {
        if (request instanceof PrivateKeyRequest use) {
            writeUse(json, use);
        } else if (request instanceof ProvisionRequest provision) {
            ProvisionCodec.write(json, provision);
        } else if (request instanceof DescribeProtection protection) {
            json.writeStringField("key", protection.key());
        } else if (request instanceof Unlock unlock) {
            json.writeStringField("token", unlock.token());
        } else if (request instanceof OpenOccasion occasion) {
            json.writeStringField("key", occasion.key());
            json.writeStringField("name", occasion.name());
            json.writeNumberField("seconds", occasion.seconds());
        } else if (request instanceof CloseOccasion occasion) {
            json.writeStringField("key", occasion.key());
        } else if (request instanceof ListKeys list) {
            ReplyEncoder.writeOptional(json, "token", list.token());
            ReplyEncoder.writeOptional(json, "key", list.key());
        } else if (request instanceof Lock lock) {
            ReplyEncoder.writeOptional(json, "token", lock.token());
        } else if (request instanceof GetInterfaceDescription description) {
            json.writeStringField("interface", description.interfaceName());
        }
    }

    private static void writeUse(JsonGenerator json, PrivateKeyRequest use) throws IOException {
        json.writeStringField("key", use.key());
        if (use instanceof Sign sign) {
            json.writeStringField("algorithm", sign.algorithm().wireName());
            json.writeStringField("kind", sign.kind().wireName());
            json.writeBinaryField("input", sign.input());
            json.writeStringField("purpose", sign.purpose());
        } else if (use instanceof Decrypt decrypt) {
            json.writeStringField("algorithm", decrypt.algorithm().wireName());
            json.writeBinaryField("ciphertext", decrypt.ciphertext());
            json.writeNumberField("length", decrypt.length());
            json.writeStringField("purpose", decrypt.purpose());
        } else if (use instanceof UnwrapContentKey unwrap) {
            json.writeBinaryField("recipientInfo", unwrap.recipientInfo());
            json.writeNumberField("keyLength", unwrap.keyLength());
            json.writeStringField("purpose", unwrap.purpose());
        } else if (use instanceof Agree agree) {
            json.writeBinaryField("publicKey", agree.publicKey());
            json.writeStringField("purpose", agree.purpose());
        }
    }
}
