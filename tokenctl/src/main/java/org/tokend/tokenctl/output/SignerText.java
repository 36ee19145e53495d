package org.tokend.tokenctl.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.MessageVerifier.Signer;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.TrustVerdict;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignerResult;

/** Who signed a mail, in words and in JSON; the same verdict in both. */
public final class SignerText {

    private SignerText() {}

    /** The verdict in one sentence for people, which begins with the word that scripts get. */
    public static String verdict(VerifiedMail mail) {
        boolean sender = !mail.sender().addresses().isEmpty();
        return switch (mail.verdict()) {
            case BAD -> "BAD: the signature does not fit; what is signed must not be relied on";
            case GOOD ->
                sender
                        ? "good: signed by the sender, whose certificate is trusted"
                        : "good: signed, by a certificate that is trusted";
            case NOT_PROVEN ->
                sender
                        ? "not proven: signed, but nothing shows that it is by the sender"
                        : "not proven: signed, but nothing shows by whom";
            case UNKNOWN -> "unknown: the signature cannot be checked, so nothing shows who wrote this";
        };
    }

    public static List<String> lines(VerifiedMail mail, boolean explain) {
        List<String> lines = new ArrayList<>();
        lines.add(verdict(mail));
        for (Signer signer : mail.signers()) {
            lines.addAll(lines(mail, signer, explain));
        }
        lines.addAll(HeaderText.lines(mail.protection()));
        return lines.stream().map(Safe::text).toList();
    }

    /** In short, for programs that show it beside something of their own. */
    public static List<String> brief(VerifiedMail verified) {
        Stream<String> signers = verified.signers().stream().map(signer -> {
            MailCertificate certificate = signer.signature().certificate();
            TrustVerdict trust = signer.trust();
            return "signature " + name(signer.signature().status()) + " by "
                    + (certificate == null
                            ? signer.signature().named()
                            : certificate.subject() + " " + certificate.addresses())
                    + ": " + signer.signature().detail()
                    + (trust == null ? "" : "; " + name(trust.state()) + ": " + trust.reason());
        });
        return Stream.concat(Stream.of(verdict(verified)), signers)
                .map(Safe::text)
                .toList();
    }

    private static List<String> lines(VerifiedMail mail, Signer signer, boolean explain) {
        List<String> lines = new ArrayList<>();
        SignerResult result = signer.signature();
        MailCertificate certificate = result.certificate();
        lines.add("signer: " + (certificate == null ? result.named() : certificate.subject()));
        if (certificate != null) {
            lines.add("  addresses: " + String.join(", ", certificate.addresses()));
        }
        lines.add("  signature: " + name(result.status()) + " (" + result.algorithm() + "): " + result.detail());
        if (result.signingTime() != null) {
            lines.add("  signed at: " + result.signingTime() + ", says the signer");
        }
        TrustVerdict trust = signer.trust();
        if (trust != null) {
            lines.add("  trust: " + name(trust.state()) + ": " + trust.reason());
            if (!trust.next().isEmpty()) {
                lines.add("    next: " + trust.next());
            }
            lines.add("  revocation: " + name(trust.revocation()));
            if (explain) {
                trust.chain()
                        .forEach(link -> lines.add("    " + link.subject() + ", valid until " + link.notAfter() + ", "
                                + link.fingerprint()));
            }
        }
        lines.add("  sender: " + address(mail, signer));
        return lines;
    }

    private static String address(VerifiedMail mail, Signer signer) {
        String from = String.join(", ", mail.sender().addresses());
        return switch (signer.address()) {
            case MATCHES -> "the mail is from " + from + ", and so is the certificate";
            case DIFFERS ->
                "DIFFERS: the mail says it is from " + from
                        + signer.signature()
                                .signer()
                                .map(each -> ", and the certificate is for " + String.join(", ", each.addresses()))
                                .orElse("");
            case CERTIFICATE_HAS_NONE -> "the certificate names no address, so it may be anybody's";
            case MAIL_HAS_NONE -> "there is no From to compare with";
            case OUTER_DIFFERS ->
                "DIFFERS: the signer, who is " + from + ", wrote another From than stands outside, which is what most"
                        + " programs show";
            case AMBIGUOUS -> "AMBIGUOUS: " + mail.sender().problem();
        };
    }

    /** {@code BAD_THING} as {@code bad-thing}. */
    public static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static void write(JsonGenerator json, VerifiedMail mail) throws IOException {
        json.writeStringField("verdict", name(mail.verdict()));
        json.writeStringField("form", mail.opaque() ? "opaque" : "clear");
        strings(json, "from", mail.sender().addresses());
        HeaderText.write(json, mail.protection());
        json.writeArrayFieldStart("signers");
        for (Signer signer : mail.signers()) {
            json.writeStartObject();
            write(json, signer);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Signer signer) throws IOException {
        SignerResult result = signer.signature();
        MailCertificate certificate = result.certificate();
        json.writeStringField("subject", certificate == null ? null : certificate.subject());
        json.writeStringField("certificate", certificate == null ? null : certificate.fingerprint());
        strings(json, "addresses", certificate == null ? List.of() : certificate.addresses());
        json.writeStringField("signature", name(result.status()));
        json.writeStringField("detail", result.detail());
        json.writeStringField("algorithm", result.algorithm());
        json.writeStringField("signingTime", text(result.signingTime()));
        TrustVerdict trust = signer.trust();
        json.writeStringField("trust", trust == null ? null : name(trust.state()));
        json.writeStringField("trustReason", trust == null ? null : trust.reason());
        json.writeStringField("revocation", trust == null ? null : name(trust.revocation()));
        json.writeStringField("address", name(signer.address()));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
