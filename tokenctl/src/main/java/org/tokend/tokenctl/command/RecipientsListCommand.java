package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokend.smime.EncryptionPlan;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.Oaep;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Lists the certificates that are kept, and which ciphers their owners said they can read.")
final class RecipientsListCommand implements Callable<Integer> {

    private final RootCommand root;

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    RecipientsListCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        EncryptionPlan.Known known = recipients.store(environment).load();
        List<MailCertificate> all = known.certificates().stream()
                .filter(each -> !each.isAuthority())
                .sorted(MailCertificate.BY_AGE)
                .toList();
        if (root.json()) {
            Json.print(environment.out(), json -> {
                json.writeArrayFieldStart("recipients");
                for (MailCertificate each : all) {
                    json.writeStartObject();
                    CertificateText.write(each, environment, json);
                    json.writeStringField("reads", reads(known, each));
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
            return ExitStatus.OK.code();
        }
        Table table = new Table("ADDRESS", "VALID UNTIL", "READS", "FINGERPRINT");
        all.forEach(each ->
                table.row(String.join(" ", each.addresses()), each.notAfter(), reads(known, each), each.fingerprint()));
        table.print(environment.out(), environment.outIsTerminal(), environment.coloursOnOut());
        return ExitStatus.OK.code();
    }

    private static String reads(EncryptionPlan.Known known, MailCertificate certificate) {
        Set<ContentAlgorithm> reads = known.capabilities().getOrDefault(certificate.fingerprint(), Set.of());
        Oaep oaep = known.oaep().get(certificate.fingerprint());
        String all = Stream.concat(
                        reads.stream().map(ContentAlgorithm::displayName).sorted(),
                        Stream.ofNullable(oaep).map(Oaep::toString))
                .collect(Collectors.joining(","));
        return all.isEmpty() ? "-" : all;
    }
}
