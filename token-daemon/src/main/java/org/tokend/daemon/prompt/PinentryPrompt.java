package org.tokend.daemon.prompt;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.linux.PipedChild;

/** Asks through a pinentry program, one started for each prompt. */
public final class PinentryPrompt implements PinPrompt {
    /** What the pinentry itself is given to notice its own timeout before we end it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Path program;
    private final PromptEnvironment environment;
    private final TerminalTurns turns = new TerminalTurns();

    public PinentryPrompt(Path program, PromptEnvironment environment) {
        this.program = program;
        this.environment = environment;
    }

    @Override
    public String name() {
        return "pinentry";
    }

    @Override
    public boolean attended() {
        return true;
    }

    @Override
    public PromptAnswer askPin(PromptRequest request, Withdrawal withdrawal) {
        return converse(request, withdrawal, PinentryPrompt::enterPin);
    }

    @Override
    public PromptAnswer askConsent(PromptRequest request, Withdrawal withdrawal) {
        return converse(request, withdrawal, PinentryPrompt::confirm);
    }

    private interface Question {
        PromptAnswer ask(AssuanConnection pinentry) throws IOException;
    }

    private PromptAnswer converse(PromptRequest request, Withdrawal withdrawal, Question question) {
        if (!Files.isExecutable(program)) {
            return new PromptAnswer.NotAvailable(
                    program + " is not there or cannot be run; install a pinentry or name one as [pin] pinentry");
        }
        return request.terminal() == null
                ? run(request, withdrawal, question)
                : runOn(request.terminal(), request, withdrawal, question);
    }

    private PromptAnswer runOn(Path terminal, PromptRequest request, Withdrawal withdrawal, Question question) {
        Runnable turn = turns.take(terminal, request.timeout());
        if (turn == null) {
            return new PromptAnswer.TimedOut();
        }
        try {
            TerminalMode before = TerminalMode.of(terminal);
            PromptAnswer answer = run(request, withdrawal, question);
            if (!(answer instanceof PromptAnswer.Entered)) {
                before.restore();
            }
            return answer;
        } finally {
            turn.run();
        }
    }

    private PromptAnswer run(PromptRequest request, Withdrawal withdrawal, Question question) {
        if (withdrawal.withdrawn()) {
            return new PromptAnswer.Cancelled();
        }
        Map<String, String> variables = environment.variables();
        Duration limit = START_LIMIT.plus(request.timeout()).plus(GRACE);
        try (AssuanConnection pinentry =
                new AssuanConnection(PipedChild.start(List.of(program.toString()), variables), limit)) {
            withdrawal.onWithdraw(pinentry::kill);
            try {
                String obstacle = prepare(pinentry, request, variables);
                return obstacle == null ? question.ask(pinentry) : new PromptAnswer.NotAvailable(obstacle);
            } finally {
                withdrawal.promptEnded();
            }
        } catch (PromptTimeoutException e) {
            return new PromptAnswer.TimedOut();
        } catch (IOException e) {
            return withdrawal.withdrawn()
                    ? new PromptAnswer.Cancelled()
                    : new PromptAnswer.NotAvailable(program + " failed: " + e.getMessage());
        }
    }

    /** @return why nobody can be asked, or null */
    private @Nullable String prepare(AssuanConnection pinentry, PromptRequest request, Map<String, String> variables)
            throws IOException {
        if (pinentry.greeting() instanceof AssuanReply.Err refusal) {
            return program + " does not start: " + refusal.text();
        }
        boolean display = PromptEnvironment.hasDisplay(variables);
        if (request.terminal() == null && !display && needsTerminal(pinentry)) {
            return program + " needs a terminal, and neither the asking program has one nor is there a display; run"
                    + " `tokenctl unlock` in a terminal, or start tokend inside the desktop session";
        }
        // An option that this pinentry does not know is answered by an error, which does no harm.
        pinentry.command("OPTION", "lc-ctype=" + PromptEnvironment.characterType(variables));
        if (request.terminal() != null) {
            pinentry.command("OPTION", "ttyname=" + request.terminal());
            pinentry.command("OPTION", "ttytype=" + (request.terminal().startsWith("/dev/pts") ? "xterm" : "linux"));
        }
        if (variables.containsKey("DISPLAY")) {
            pinentry.command("OPTION", "display=" + variables.get("DISPLAY"));
        }
        pinentry.command(
                "SETTIMEOUT", Long.toString(Math.max(1, request.timeout().toSeconds())));
        pinentry.command("SETTITLE", "Token Daemon");
        pinentry.command("SETKEYINFO", "tokend/" + request.identifier());
        pinentry.command("SETDESC", request.lines());
        pinentry.command("SETPROMPT", request.field());
        if (request.warning() != null) {
            pinentry.command("SETERROR", request.warning());
        }
        return null;
    }

    /**
     * Programs for terminals that have none fall back on odd things, pinentry-tty on "cancelled"; so they are not asked. A
     * flavour with a terminal as its second choice says so after a colon.
     */
    private static boolean needsTerminal(AssuanConnection pinentry) throws IOException {
        try (Pin flavor = new Pin()) {
            if (pinentry.query("GETINFO flavor", flavor) instanceof AssuanReply.Err) {
                return false;
            }
            String name = new String(flavor.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            return name.equals("tty") || name.equals("curses") || name.endsWith(":tty") || name.endsWith(":curses");
        }
    }

    private static PromptAnswer enterPin(AssuanConnection pinentry) throws IOException {
        Pin pin = new Pin();
        try {
            if (pinentry.query("GETPIN", pin) instanceof AssuanReply.Err refusal) {
                pin.close();
                return PinentryErrors.answer(refusal);
            }
            return new PromptAnswer.Entered(pin);
        } catch (IOException e) {
            pin.close();
            throw e;
        }
    }

    private static PromptAnswer confirm(AssuanConnection pinentry) throws IOException {
        pinentry.command("SETOK", "Yes");
        pinentry.command("SETCANCEL", "No");
        return pinentry.command("CONFIRM", List.of()) instanceof AssuanReply.Err refusal
                ? PinentryErrors.answer(refusal)
                : new PromptAnswer.Confirmed();
    }
}
