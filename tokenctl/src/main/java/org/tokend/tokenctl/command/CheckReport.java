package org.tokend.tokenctl.command;

import java.util.List;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.output.Colour;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import org.tokend.tokenctl.output.TokenText;

/** Tells people or scripts what was found. */
record CheckReport(RootCommand root) {

    /** @return the exit code */
    int show(List<Check> checks) {
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
