package org.tokend.tokenctl.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.MailCertificate;

/** Keys and their certificates as a table, as paragraphs and as JSON. */
public final class KeyText {

    private KeyText() {}

    public static void printTable(List<KeyDescription> keys, Environment environment) {
        Table table = new Table("TOKEN", "KEY", "TYPE", "CERTIFICATE", "VALID UNTIL", "FINGERPRINT");
        for (KeyDescription key : keys) {
            List<MailCertificate> certificates = certificates(key);
            String token = EventText.label(key.token()).replace("\"", "");
            if (certificates.isEmpty()) {
                table.row(token, key.label(), type(key), "-", "-", key.fingerprint());
            }
            for (MailCertificate certificate : certificates) {
                table.row(
                        token,
                        key.label(),
                        type(key),
                        name(certificate),
                        validity(certificate, environment.clock().instant()),
                        key.fingerprint());
            }
        }
        table.print(environment.out(), environment.outIsTerminal(), environment.coloursOnOut());
        for (KeyDescription key : keys) {
            if (key.problem() != null) {
                environment.out().println(Safe.text(key.label() + ": " + key.problem()));
            }
        }
    }

    public static void printLong(List<KeyDescription> keys, PrintStream out) {
        String separator = "";
        for (KeyDescription key : keys) {
            out.print(separator);
            separator = System.lineSeparator();
            out.println(Safe.text(key.label() + " (" + type(key) + ")"));
            out.println(Safe.text("  uri          " + key.uri()));
            out.println("  fingerprint  " + key.fingerprint());
            out.println("  algorithms   "
                    + key.algorithms().stream()
                            .map(Algorithm::wireName)
                            .sorted()
                            .collect(Collectors.joining(" ")));
            if (key.asksEachTime()) {
                out.println("  pin          asked for each use");
            }
            if (key.problem() != null) {
                out.println(Safe.text("  problem      " + key.problem()));
            }
            for (MailCertificate certificate : certificates(key)) {
                out.println(Safe.text("  certificate  " + certificate.subject()));
                out.println(Safe.text("    addresses  " + String.join(" ", certificate.addresses())));
                out.println("    valid      " + certificate.notBefore() + " to " + certificate.notAfter());
            }
        }
    }

    private static String type(KeyDescription key) {
        String curve = key.curve();
        return switch (key.type()) {
            case "RSA" -> "RSA-" + key.bits();
            case "EC" -> curve == null ? "EC" : curve;
            default -> key.type();
        };
    }

    private static List<MailCertificate> certificates(KeyDescription key) {
        return key.certificates().stream()
                .flatMap(der -> MailCertificate.of(der).stream())
                .toList();
    }

    private static String name(MailCertificate certificate) {
        List<String> addresses = certificate.addresses();
        return addresses.isEmpty() ? certificate.subject() : String.join(" ", addresses);
    }

    private static Table.Cell validity(MailCertificate certificate, Instant now) {
        String until =
                certificate.notAfter().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        if (now.isAfter(certificate.notAfter())) {
            return new Table.Cell(until + " (expired)", Colour.BAD);
        }
        return now.isBefore(certificate.notBefore())
                ? new Table.Cell(until + " (not yet valid)", Colour.WARNING)
                : Table.Cell.of(until);
    }

    public static void write(List<KeyDescription> keys, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("keys");
        for (KeyDescription key : keys) {
            json.writeStartObject();
            json.writeStringField("fingerprint", key.fingerprint());
            json.writeStringField("uri", key.uri());
            json.writeStringField("token", key.token());
            json.writeStringField("label", key.label());
            json.writeStringField("id", key.ckaId());
            json.writeStringField("type", key.type());
            json.writeNumberField("bits", key.bits());
            json.writeStringField("curve", key.curve());
            json.writeBinaryField("publicKey", key.publicKey());
            json.writeBooleanField("asksEachTime", key.asksEachTime());
            json.writeStringField("problem", key.problem());
            json.writeArrayFieldStart("algorithms");
            for (Algorithm algorithm : key.algorithms()) {
                json.writeString(algorithm.wireName());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("certificates");
            for (MailCertificate certificate : certificates(key)) {
                write(certificate, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(MailCertificate certificate, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("subject", certificate.subject());
        json.writeArrayFieldStart("addresses");
        for (String address : certificate.addresses()) {
            json.writeString(address);
        }
        json.writeEndArray();
        json.writeStringField("notBefore", certificate.notBefore().toString());
        json.writeStringField("notAfter", certificate.notAfter().toString());
        json.writeStringField("fingerprint", certificate.fingerprint());
        json.writeBinaryField("der", certificate.encoded());
        json.writeEndObject();
    }
}
