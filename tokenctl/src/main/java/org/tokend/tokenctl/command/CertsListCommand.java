package org.tokend.tokenctl.command;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists the certificates on the tokens with what each is made for in mail, and why it is not made"
                + " for the rest.")
final class CertsListCommand implements Runnable {

    private final RootCommand root;

    @Option(
            names = "--purpose",
            split = ",",
            paramLabel = "PURPOSE",
            description = "Only those made for all of these: ${COMPLETION-CANDIDATES}.")
    private Set<KeyPurpose> purposes = EnumSet.noneOf(KeyPurpose.class);

    CertsListCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        List<KeyDescription> keys;
        try (TokenClient client = root.connect()) {
            keys = client.listKeys(null);
        }
        Iterable<CertifiedKey> shown = CertifiedKey.stream(keys)
                .filter(each ->
                        CertificateClass.of(each.certificate()).purposes().containsAll(purposes))::iterator;
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeArrayFieldStart("certificates");
                for (CertifiedKey each : shown) {
                    json.writeStartObject();
                    CertificateText.write(each.certificate(), root.environment(), json);
                    json.writeStringField("key", each.key().fingerprint());
                    json.writeStringField("uri", each.key().uri());
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
            return;
        }
        Table table = new Table("PURPOSE", "ADDRESS", "VALID UNTIL", "FINGERPRINT", "NOTE");
        for (CertifiedKey each : shown) {
            MailCertificate certificate = each.certificate();
            List<String> addresses = certificate.addresses();
            table.row(
                    CertificateClass.of(certificate).word(certificate),
                    addresses.isEmpty() ? certificate.subject() : String.join(" ", addresses),
                    certificate.notAfter(),
                    certificate.fingerprint(),
                    note(certificate).orElse("-"));
        }
        table.print(
                root.environment().out(),
                root.environment().outIsTerminal(),
                root.environment().coloursOnOut());
    }

    private Optional<String> note(MailCertificate certificate) {
        if (!certificate.isValidAt(root.environment().clock().instant())) {
            return Optional.of("not valid now");
        }
        CertificateClass made = CertificateClass.of(certificate);
        return made.refusal(KeyPurpose.SIGN).or(() -> made.refusal(KeyPurpose.ENCRYPT));
    }
}
