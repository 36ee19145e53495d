package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.tokend.client.TokenClient;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Doctor;
import org.tokend.tokenctl.output.Colour;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import org.tokend.tokenctl.output.TokenText;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description =
                "Checks everything that signing and decrypting need, and says for each thing that is missing what to"
                        + " do. Changes nothing, asks for no PIN.")
final class DoctorCommand implements Callable<Integer> {

    private final RootCommand root;

    DoctorCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<Check> checks = new Doctor(root.environment()).examine(root.socketPath(), Version.number(), () -> {
            try (TokenClient client = root.connect()) {
                return client.status();
            }
        });
        boolean failed = checks.stream().anyMatch(check -> check.verdict() == Check.Verdict.FAILED);
        if (root.json()) {
            writeJson(checks, !failed);
        } else {
            print(checks);
        }
        return (failed ? ExitStatus.UNAVAILABLE : ExitStatus.OK).code();
    }

    private void print(List<Check> checks) {
        Environment environment = root.environment();
        int width =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        for (Check check : checks) {
            String word = switch (check.verdict()) {
                case OK -> Colour.GOOD.paint("ok     ", environment.coloursOnOut());
                case WARNING -> Colour.WARNING.paint("warning", environment.coloursOnOut());
                case FAILED -> Colour.BAD.paint("FAILED ", environment.coloursOnOut());
            };
            String name = Safe.text(check.name());
            environment
                    .out()
                    .println(word + "  " + name + " ".repeat(Math.max(0, width - name.length())) + "  "
                            + Safe.text(check.finding()));
            if (!check.next().isEmpty()) {
                environment.out().println(" ".repeat(width + 11) + "→ " + Safe.text(check.next()));
            }
        }
    }

    private void writeJson(List<Check> checks, boolean healthy) {
        Json.print(root.environment().out(), json -> {
            json.writeBooleanField("healthy", healthy);
            json.writeArrayFieldStart("checks");
            for (Check check : checks) {
                json.writeStartObject();
                json.writeStringField("name", check.name());
                json.writeStringField("verdict", TokenText.word(check.verdict()));
                json.writeStringField("finding", check.finding());
                json.writeStringField("next", check.next());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
