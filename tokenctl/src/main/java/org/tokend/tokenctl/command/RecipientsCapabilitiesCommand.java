package org.tokend.tokenctl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.EncryptionPlan;
import org.tokend.smime.KeptRecipient;
import org.tokend.smime.RecipientStore;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.Oaep;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "capabilities",
        description =
                "Says what is known of a correspondent: each certificate that is kept, which ciphers its owner can"
                        + " read, from where that is known and since when, and what is written for that. Asks nobody, and judges"
                        + " no certificate; \"tokenctl recipients check\" does.")
final class RecipientsCapabilitiesCommand implements Callable<Integer> {

    private static final int SHORTEST_FINGERPRINT = 8;

    private final RootCommand root;

    @Parameters(
            paramLabel = "WHO",
            description =
                    "An address, or the fingerprint of a certificate (sha256:...), of which the beginning is enough.")
    private String who = "";

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    RecipientsCapabilitiesCommand(RootCommand root) {
        this.root = root;
    }

    /** From where it is known what somebody reads; the first that says something counts. */
    private enum Source {
        SIGNED_MAIL("said in a signed mail"),
        CERTIFICATE("written in the certificate (RFC 4262)"),
        NOBODY("nobody said it");

        private final String words;

        Source(String words) {
            this.words = words;
        }
    }

    /**
     * One certificate with all that follows for mail to it.
     *
     * @param wrapping how the content key is wrapped, where that is not the usual way
     */
    private record Answer(
            KeptRecipient kept,
            Source source,
            Set<ContentAlgorithm> reads,
            @Nullable Oaep wrapping,
            ContentAlgorithm written) {

        String names() {
            return reads.stream().sorted().map(ContentAlgorithm::displayName).collect(Collectors.joining(", "));
        }
    }

    private static Answer answer(KeptRecipient kept, EncryptionPlan.Known known, AlgorithmPolicy policy, Clock clock) {
        Set<ContentAlgorithm> reads = known.reads(kept.certificate());
        Source source =
                kept.saysSomething() ? Source.SIGNED_MAIL : reads.isEmpty() ? Source.NOBODY : Source.CERTIFICATE;
        return new Answer(
                kept, source, reads, known.oaepFor(kept.certificate()), EncryptionPlan.usual(reads, policy, clock));
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        RecipientStore store = recipients.store(environment);
        EncryptionPlan.Known known = store.load();
        AlgorithmPolicy policy = MailSetup.of(environment).policy().algorithms();
        List<Answer> answers = store.list().stream()
                .filter(each -> !each.certificate().isAuthority() && isMeant(each.certificate()))
                .sorted((one, other) -> MailCertificate.BY_AGE.compare(other.certificate(), one.certificate()))
                .map(each -> answer(each, known, policy, environment.clock()))
                .toList();
        if (answers.isEmpty()) {
            throw new CommandException(
                    ExitStatus.NO_INPUT,
                    "nothing is kept of " + who
                            + "; \"tokenctl recipients list\" shows who is, and \"tokenctl recipients"
                            + " harvest\" keeps the sender of a signed mail");
        }
        if (root.json()) {
            Json.print(environment.out(), json -> {
                json.writeArrayFieldStart("certificates");
                for (Answer each : answers) {
                    write(each, environment, json);
                }
                json.writeEndArray();
            });
        } else {
            answers.forEach(each -> print(each, environment.out()));
        }
        return ExitStatus.OK.code();
    }

    private boolean isMeant(MailCertificate certificate) {
        String wanted = who.toLowerCase(Locale.ROOT);
        if (!wanted.contains("@")) {
            String digits = wanted.startsWith("sha256:") ? wanted.substring("sha256:".length()) : wanted;
            return digits.length() >= SHORTEST_FINGERPRINT
                    && certificate.fingerprint().startsWith("sha256:" + digits);
        }
        return certificate.hasAddress(wanted);
    }

    private static void print(Answer answer, PrintStream out) {
        KeptRecipient kept = answer.kept();
        Oaep wrapping = answer.wrapping();
        out.println(Safe.text(kept.certificate().describe()));
        line(out, "reads", answer.reads().isEmpty() ? "not known" : answer.names());
        line(out, "known from", answer.source().words);
        if (answer.source() == Source.SIGNED_MAIL) {
            line(out, "said", kept.said() == null ? "at a time not told" : kept.said() + ", by the sender's clock");
        }
        line(out, "kept", "from " + kept.origin().words() + (kept.kept() == null ? "" : ", " + kept.kept()));
        line(
                out,
                "is written",
                answer.written().displayName()
                        + (wrapping == null ? "" : ", its key wrapped with " + wrapping.text())
                        + (answer.reads().isEmpty() ? ", which every mail program reads" : ""));
    }

    private static void line(PrintStream out, String name, String text) {
        out.println(Safe.text("  " + name + " ".repeat(12 - name.length()) + text));
    }

    private static void write(Answer answer, Environment environment, JsonGenerator json) throws IOException {
        KeptRecipient kept = answer.kept();
        json.writeStartObject();
        CertificateText.write(kept.certificate(), environment, json);
        json.writeArrayFieldStart("reads");
        for (ContentAlgorithm each : answer.reads().stream().sorted().toList()) {
            json.writeString(each.displayName());
        }
        json.writeEndArray();
        json.writeStringField("oaep", text(answer.wrapping()));
        json.writeStringField("source", name(answer.source()));
        json.writeStringField("origin", name(kept.origin()));
        json.writeStringField("said", text(kept.said()));
        json.writeStringField("kept", text(kept.kept()));
        json.writeStringField("cipher", answer.written().displayName());
        json.writeEndObject();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
