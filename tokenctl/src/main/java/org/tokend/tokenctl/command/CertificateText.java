package org.tokend.tokenctl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.CertificateLinks;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.Safe;

/** Everything about one certificate that matters for mail, for people and for scripts. */
final class CertificateText {

    private CertificateText() {}

    static void print(MailCertificate certificate, Environment environment) {
        CertificateClass made = CertificateClass.of(certificate);
        CertificateLinks links = CertificateLinks.of(certificate);
        boolean valid = certificate.isValidAt(environment.clock().instant());
        PrintStream out = environment.out();
        line(out, "subject", certificate.subject());
        line(out, "addresses", String.join(" ", certificate.addresses()));
        certificate
                .legacyAddresses()
                .forEach(each -> line(out, "", each + " (in the subject only, as old certificates have it)"));
        line(out, "purpose", made.word(certificate));
        for (KeyPurpose each : KeyPurpose.values()) {
            made.refusal(each)
                    .ifPresent(why ->
                            line(out, "", "not to " + each.name().toLowerCase(java.util.Locale.ROOT) + ": " + why));
        }
        line(out, "valid", certificate.notBefore() + " to " + certificate.notAfter() + (valid ? "" : " (NOT NOW)"));
        line(out, "issuer", certificate.issuer());
        line(out, "serial", certificate.serial());
        line(out, "fingerprint", certificate.fingerprint());
        links.crls().forEach(url -> line(out, "crl", url));
        links.ocsp().forEach(url -> line(out, "ocsp", url));
        links.issuers().forEach(url -> line(out, "issuer at", url));
    }

    private static void line(PrintStream out, String name, String text) {
        out.println(Safe.text(name + " ".repeat(Math.max(1, 13 - name.length())) + text));
    }

    static void write(MailCertificate certificate, Environment environment, JsonGenerator json) throws IOException {
        CertificateClass made = CertificateClass.of(certificate);
        json.writeStringField("subject", certificate.subject());
        json.writeStringField("issuer", certificate.issuer());
        json.writeStringField("serial", certificate.serial());
        json.writeStringField("fingerprint", certificate.fingerprint());
        json.writeStringField("notBefore", certificate.notBefore().toString());
        json.writeStringField("notAfter", certificate.notAfter().toString());
        json.writeBooleanField(
                "validNow", certificate.isValidAt(environment.clock().instant()));
        json.writeStringField("purpose", made.word(certificate));
        json.writeObjectFieldStart("refusals");
        for (KeyPurpose each : KeyPurpose.values()) {
            if (made.refusal(each).isPresent()) {
                json.writeStringField(
                        each.name().toLowerCase(java.util.Locale.ROOT),
                        made.refusal(each).get());
            }
        }
        json.writeEndObject();
        array("addresses", certificate.addresses(), json);
        array("legacyAddresses", certificate.legacyAddresses(), json);
    }

    private static void array(String name, List<String> values, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String each : values) {
            json.writeString(each);
        }
        json.writeEndArray();
    }
}
