package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.EncryptionPlan;
import org.tokend.smime.RecipientRefusal;
import org.tokend.smime.SignerTrust;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description =
                "Says for each address whether mail can be encrypted to it, and if not, why. Exit code 0 only if it"
                        + " can be to all. It is the same decision that \"tokenctl smime encrypt\" makes.")
final class RecipientsCheckCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "Such as bob@example.org.")
    private List<String> addresses = new ArrayList<>();

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    RecipientsCheckCommand(RootCommand root) {
        this.root = root;
    }

    /** One address: {@code OK} or the reason. */
    private record Answer(String address, String reason, String text) {}

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        EncryptionPlan.Known kept = recipients.store(environment).load();
        List<MailCertificate> certificates = new ArrayList<>(kept.certificates());
        certificates.addAll(trust.known());
        EncryptionPlan.Known known = new EncryptionPlan.Known(certificates, kept.capabilities(), kept.oaep());
        SignerTrust decides = trust.trust(environment);
        AlgorithmPolicy policy = MailSetup.algorithms(environment);
        List<Answer> answers = addresses.stream()
                .map(each -> answer(each, known, decides, policy))
                .toList();
        if (root.json()) {
            Json.print(environment.out(), json -> {
                json.writeArrayFieldStart("recipients");
                for (Answer each : answers) {
                    json.writeStartObject();
                    json.writeStringField("address", each.address());
                    json.writeStringField("reason", each.reason());
                    json.writeStringField("text", each.text());
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        } else {
            Table table = new Table("ADDRESS", "ANSWER", "WHY");
            answers.forEach(each -> table.row(each.address(), each.reason(), each.text()));
            table.print(environment.out(), environment.outIsTerminal(), environment.coloursOnOut());
        }
        boolean all = answers.stream().allMatch(each -> each.reason().equals("OK"));
        return (all ? ExitStatus.OK : ExitStatus.NOT_PROVEN).code();
    }

    private Answer answer(String address, EncryptionPlan.Known known, SignerTrust decides, AlgorithmPolicy policy) {
        try {
            EncryptionPlan plan = EncryptionPlan.of(
                    new EncryptionPlan.Wish(List.of(address), null, null),
                    known,
                    decides,
                    policy,
                    root.environment().clock());
            return new Answer(address, "OK", String.join("; ", plan.decisions()));
        } catch (RecipientRefusal refusal) {
            RecipientRefusal.Refused why = refusal.refused().get(0);
            return new Answer(address, why.reason().name(), why.text());
        }
    }
}
