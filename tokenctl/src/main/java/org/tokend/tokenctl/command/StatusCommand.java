package org.tokend.tokenctl.command;

import java.io.PrintStream;
import java.time.Duration;
import org.tokend.client.TokenClient;
import org.tokend.protocol.Reply;
import org.tokend.tokenctl.output.Colour;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import org.tokend.tokenctl.output.TokenText;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Shows how tokend, its PKCS#11 modules and the tokens are.")
final class StatusCommand implements Runnable {

    private final RootCommand root;

    StatusCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        Reply.StatusReport report;
        try (TokenClient client = root.connect()) {
            report = client.status();
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("version", report.version());
                json.writeNumberField("pid", report.pid());
                json.writeStringField("started", report.started().toString());
                json.writeNumberField("connections", report.connections());
                json.writeStringField("socket", root.socketPath().toString());
                json.writeArrayFieldStart("modules");
                for (Reply.ModuleStatus module : report.modules()) {
                    json.writeStartObject();
                    json.writeStringField("name", module.name());
                    json.writeStringField("state", TokenText.word(module.state()));
                    json.writeNumberField("restarts", module.restarts());
                    json.writeStringField("problem", module.problem());
                    json.writeEndObject();
                }
                json.writeEndArray();
                TokenText.write(report.tokens(), json);
            });
        } else {
            print(report);
        }
    }

    private void print(Reply.StatusReport report) {
        Environment environment = root.environment();
        PrintStream out = environment.out();
        Duration up = Duration.between(report.started(), environment.clock().instant());
        out.println("tokend " + report.version() + ", pid " + report.pid() + ", up " + text(up) + ", "
                + report.connections() + (report.connections() == 1 ? " connection" : " connections"));
        out.println();
        Table modules = new Table("MODULE", "STATE", "RESTARTS", "PROBLEM");
        for (Reply.ModuleStatus module : report.modules()) {
            Colour colour = switch (module.state()) {
                case READY -> Colour.GOOD;
                case STARTING -> Colour.WARNING;
                case FAILED -> Colour.BAD;
            };
            String problem = module.problem();
            modules.row(
                    module.name(),
                    new Table.Cell(TokenText.word(module.state()), colour),
                    module.restarts(),
                    problem == null ? "" : problem);
        }
        modules.print(out, true, environment.coloursOnOut());
        out.println();
        if (report.tokens().isEmpty()) {
            out.println("No tokens. Insert one, or see \"tokenctl doctor\".");
        } else {
            TokenText.print(report.tokens(), environment);
        }
    }

    private static String text(Duration up) {
        if (up.toHours() > 0) {
            return up.toHours() + " h " + up.toMinutesPart() + " min";
        }
        return up.toMinutes() > 0 ? up.toMinutes() + " min" : Math.max(0, up.toSeconds()) + " s";
    }
}
