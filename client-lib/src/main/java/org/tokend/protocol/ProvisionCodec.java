package org.tokend.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.tokend.protocol.Members.Field;

/** {@link ProvisionRequest}s to parameters and back. */
final class ProvisionCodec {
    static final int MAX_LABEL = 200;
    /** Base64 of it fits into a request, with room for the rest. */
    static final int MAX_PKCS12 = 160 * 1024;

    private static final int MAX_CERTIFICATE = 64 * 1024;
    private static final int MAX_CERTIFICATES = 32;

    private static final Field<String> KEY = new Field<>("key", Shape.text(RequestDecoder.MAX_URI));
    private static final Field<String> TOKEN = new Field<>("token", Shape.text(RequestDecoder.MAX_URI));
    private static final Field<String> KIND = new Field<>("kind", Shape.text(MessageCodec.MAX_NAME));
    private static final Field<String> LABEL = new Field<>("label", Shape.text(MAX_LABEL));
    private static final Field<Boolean> EXTRACTABLE = new Field<>("extractable", Shape.flag());
    private static final Field<Boolean> LEGACY = new Field<>("legacy", Shape.flag());
    private static final Field<byte[]> PKCS12 = new Field<>("pkcs12", Shape.bytes(MAX_PKCS12));
    private static final Field<List<byte[]>> CERTIFICATES =
            new Field<>("certificates", Shape.list(Shape.bytes(MAX_CERTIFICATE), MAX_CERTIFICATES));

    private ProvisionCodec() {}

    static List<Field<?>> fields(String method) {
        return switch (method) {
            case "GenerateKey" -> List.of(TOKEN, KIND, LABEL, EXTRACTABLE);
            case "ImportKey" -> List.of(TOKEN, PKCS12, LABEL, EXTRACTABLE);
            case "ImportCertificates" -> List.of(TOKEN, CERTIFICATES);
            case "ExportKey" -> List.of(KEY, LEGACY);
            case "DeleteKey" -> List.of(KEY, PKCS12);
            default -> throw new IllegalArgumentException(method);
        };
    }

    static Request decode(String method, Members given) throws MessageException {
        return switch (method) {
            case "GenerateKey" ->
                new GenerateKey(given.get(TOKEN), kind(given), given.get(LABEL), given.get(EXTRACTABLE, false));
            case "ImportKey" ->
                new ImportKey(given.get(TOKEN), given.get(PKCS12), given.get(LABEL, ""), given.get(EXTRACTABLE, false));
            case "ImportCertificates" -> new ImportCertificates(given.get(TOKEN), certificates(given));
            case "ExportKey" -> new ExportKey(given.get(KEY), given.get(LEGACY, false));
            case "DeleteKey" -> new DeleteKey(given.get(KEY), given.find(PKCS12));
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static KeyKind kind(Members given) throws MessageException {
        return KeyKind.ofWireName(given.get(KIND))
                .orElseThrow(() -> MessageException.invalid(
                        "Field \"kind\" must be one of rsa-2048, rsa-3072, rsa-4096, p-256, p-384, p-521, ed25519"));
    }

    private static List<byte[]> certificates(Members given) throws MessageException {
        List<byte[]> certificates = given.get(CERTIFICATES);
        if (certificates.isEmpty()) {
            throw MessageException.invalid("Field \"certificates\" is empty; send at least one certificate");
        }
        return certificates;
    }

    static void write(JsonGenerator json, ProvisionRequest request) throws IOException {
        if (request instanceof GenerateKey generate) {
            json.writeStringField("token", generate.token());
            json.writeStringField("kind", generate.kind().wireName());
            json.writeStringField("label", generate.label());
            json.writeBooleanField("extractable", generate.extractable());
        } else if (request instanceof ImportKey key) {
            json.writeStringField("token", key.token());
            json.writeBinaryField("pkcs12", key.pkcs12());
            json.writeStringField("label", key.label());
            json.writeBooleanField("extractable", key.extractable());
        } else if (request instanceof ImportCertificates certificates) {
            json.writeStringField("token", certificates.token());
            json.writeArrayFieldStart("certificates");
            for (byte[] certificate : certificates.certificates()) {
                json.writeBinary(certificate);
            }
            json.writeEndArray();
        } else if (request instanceof ExportKey export) {
            json.writeStringField("key", export.key());
            json.writeBooleanField("legacy", export.legacy());
        } else if (request instanceof DeleteKey delete) {
            json.writeStringField("key", delete.key());
            byte[] pkcs12 = delete.pkcs12();
            if (pkcs12 != null) {
                json.writeBinaryField("pkcs12", pkcs12);
            }
        }
    }
}
