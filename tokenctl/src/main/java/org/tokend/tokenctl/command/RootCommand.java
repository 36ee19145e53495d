package org.tokend.tokenctl.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.client.SocketPath;
import org.tokend.client.TokenClient;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Failures;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Progress;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tokenctl} itself: the options that every command knows, and the way to tokend. */
@Command(
        name = "tokenctl",
        description = "Signs and decrypts with the keys on your tokens, through tokend.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND")
@Members({
    StatusCommand.class,
    TokensCommand.class,
    KeysCommand.class,
    KeyCommand.class,
    UnlockCommand.class,
    LockCommand.class,
    SignCommand.class,
    DecryptCommand.class,
    SmimeCommand.class,
    GitX509Command.class,
    CertsCommand.class,
    TrustCommand.class,
    RecipientsCommand.class,
    ProfileCommand.class,
    CaCommand.class,
    WatchCommand.class,
    DoctorCommand.class,
    SetupCommand.class
})
public final class RootCommand implements Runnable {

    /** What a person reads; --json has all. */
    private static final int DETAILS = 20;

    private final Environment environment;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "tokend's socket. Otherwise $TOKEND_SOCKET, then $XDG_RUNTIME_DIR/tokend/tokend.sock, then"
                    + " /run/tokend/tokend.sock.")
    private @Nullable String socket;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            converter = DurationConverter.class,
            description = "Longest wait for an answer, such as 30s or 2m. Otherwise 3m, enough to type a PIN.")
    private Duration timeout = TokenClient.PATIENCE;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Write one JSON object instead of text.")
    private boolean json;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean debug;

    private RootCommand(Environment environment) {
        this.environment = environment;
    }

    /** @param arguments that it will be executed with: commands that they do not need are left out; none for all */
    public static CommandLine commandLine(Environment environment, String... arguments) {
        RootCommand root = new RootCommand(environment);
        CommandLine line = new CommandTree(new CommandFactory(root), List.of(arguments)).of(root);
        line.setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                environment.coloursOnOut() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(RootCommand::wrongUsage);
        line.setExecutionStrategy(parsed -> executed(line, parsed));
        line.setExecutionExceptionHandler((failure, command, parsed) -> root.failed(failure));
        Map<String, String> exitCodes = new LinkedHashMap<>();
        for (ExitStatus status : ExitStatus.values()) {
            exitCodes.put(String.valueOf(status.code()), status.meaning());
        }
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes);
        return line;
    }

    private static int executed(CommandLine line, CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError full) {
            CommandException told = new CommandException(
                    ExitStatus.CONFIGURATION,
                    "the memory that tokenctl is given, "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB, is not enough for this; set TOKENCTL_HEAP=256m in the environment and run it again");
            throw new CommandLine.ExecutionException(line, told.getMessage(), told);
        }
    }

    private static int wrongUsage(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + failure.getMessage() + "; see " + name + " --help");
        return ExitStatus.USAGE.code();
    }

    private int failed(Exception failure) {
        Failures.Told told = Failures.of(failure);
        environment.out().flush();
        if (json) {
            environment.err().println(json(told));
        } else {
            environment.err().println(Safe.text("tokenctl: " + told.message()));
            told.details().stream()
                    .limit(DETAILS)
                    .forEach(detail -> environment.err().println(Safe.text("  " + detail)));
            if (told.details().size() > DETAILS) {
                environment.err().println("  and " + (told.details().size() - DETAILS) + " more");
            }
        }
        if (debug) {
            failure.printStackTrace(environment.err());
        }
        return told.status().code();
    }

    private static String json(Failures.Told told) {
        return Json.text(out -> {
            out.writeObjectFieldStart("error");
            out.writeStringField("code", told.code());
            out.writeStringField("message", told.message());
            out.writeBooleanField("mayRetry", told.mayRetry());
            out.writeNumberField("exitCode", told.status().code());
            out.writeArrayFieldStart("details");
            for (String detail : told.details()) {
                out.writeString(detail);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    Environment environment() {
        return environment;
    }

    boolean json() {
        return json;
    }

    Path socketPath() {
        return SocketPath.find(socket, environment.variables());
    }

    TokenClient connect() {
        return TokenClient.open(socketPath(), timeout, new Progress(environment, json));
    }

    /** For a program that shows what stands on standard error only afterwards, and takes it for a complaint. */
    TokenClient connectSilently() {
        return TokenClient.open(socketPath(), timeout, event -> {});
    }

    /** No command given: the help is the answer. */
    @Override
    public void run() {
        Optional.ofNullable(spec).ifPresent(own -> own.commandLine().usage(environment.out()));
    }
}
