package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.smime.Harvest;
import org.tokend.smime.MailTrust;
import org.tokend.smime.MessageVerifier;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.RecipientStore;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Failures;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "harvest",
        description = "Keeps the certificates of the senders of signed mails, and which ciphers they say they read, to"
                + " encrypt to later. Only of senders who are proven, by the same verdict as \"tokenctl smime verify\";"
                + " of the other mails nothing is kept, and each is named with the reason. Exit code 0 only if"
                + " something was kept of every mail.")
final class RecipientsHarvestCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(arity = "1..*", paramLabel = "MAIL", description = "Signed mails, one in each file.")
    private List<Path> mails = new ArrayList<>();

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    RecipientsHarvestCommand(RootCommand root) {
        this.root = root;
    }

    /** What came of one mail. */
    private record Answer(Path mail, ExitStatus status, String reason, String text, List<MailCertificate> kept) {}

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        RecipientStore store = recipients.store(environment);
        MailTrust decides = trust.mailTrust(environment);
        List<MailCertificate> known = trust.known();
        List<Answer> answers = new ArrayList<>();
        for (Path mail : mails) {
            // Anew for each mail: so long as one sender's CA may take over the network, it takes no other's time.
            MessageVerifier verifier =
                    new MessageVerifier(decides.forOneMail(), known, environment.temporaryDirectory());
            answers.add(answer(mail, verifier, store));
        }
        report(answers);
        return answers.stream().mapToInt(each -> each.status().code()).max().orElse(0);
    }

    private Answer answer(Path mail, MessageVerifier verifier, RecipientStore store) {
        try (Input.Reopened input = Input.of(mail, root.environment()).reopened();
                VerifiedMail verified = verifier.verify(input.source())) {
            Harvest harvest = store.harvest(verified);
            return new Answer(mail, status(harvest.outcome()), harvest.outcome().name(), harvest.why(), harvest.kept());
        } catch (SignatureException unsigned) {
            return new Answer(
                    mail, ExitStatus.DATA, unsigned.reason().name(), String.valueOf(unsigned.getMessage()), List.of());
        } catch (IOException | RuntimeException unreadable) {
            Failures.Told told = Failures.of(unreadable);
            return new Answer(mail, told.status(), "UNREADABLE", told.message(), List.of());
        }
    }

    private static ExitStatus status(Harvest.Outcome outcome) {
        return switch (outcome) {
            case KEPT -> ExitStatus.OK;
            case NOT_CHECKED, NOT_TRUSTED, FROM_DIFFERS -> ExitStatus.NOT_PROVEN;
            case BAD_SIGNATURE, NO_ENCRYPTION_CERTIFICATE -> ExitStatus.DATA;
        };
    }

    private void report(List<Answer> answers) {
        Environment environment = root.environment();
        if (root.json()) {
            Json.print(environment.out(), json -> {
                json.writeArrayFieldStart("mails");
                for (Answer each : answers) {
                    json.writeStartObject();
                    json.writeStringField("mail", each.mail().toString());
                    json.writeStringField("reason", each.reason());
                    json.writeStringField("text", each.text());
                    json.writeArrayFieldStart("kept");
                    for (MailCertificate kept : each.kept()) {
                        json.writeStartObject();
                        CertificateText.write(kept, environment, json);
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
            return;
        }
        Table table = new Table("MAIL", "ANSWER", "WHOM OR WHY");
        for (Answer each : answers) {
            if (each.kept().isEmpty()) {
                table.row(each.mail().toString(), each.reason(), each.text());
            }
            each.kept().forEach(kept -> table.row(each.mail().toString(), each.reason(), kept.describe()));
        }
        table.print(environment.out(), environment.outIsTerminal(), environment.coloursOnOut());
    }
}
