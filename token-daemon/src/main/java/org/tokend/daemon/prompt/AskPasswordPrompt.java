package org.tokend.daemon.prompt;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tokend.pkcs11.linux.LockedPage;
import org.tokend.pkcs11.linux.PipedChild;

/** Asks the machine's operator through systemd's password agents: console, boot screen, wall, remote consoles. */
public final class AskPasswordPrompt implements PinPrompt {
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** An agent's answer takes a person; what ends sooner than this never asked one. */
    private static final Duration TOO_SOON = Duration.ofMillis(300);

    private final Path program;
    private final Path queries;
    private final PromptEnvironment environment;

    public AskPasswordPrompt(PromptEnvironment environment) {
        this(Path.of("/usr/bin/systemd-ask-password"), Path.of("/run/systemd"), environment);
    }

    AskPasswordPrompt(Path program, Path queries, PromptEnvironment environment) {
        this.program = program;
        this.queries = queries;
        this.environment = environment;
    }

    @Override
    public String name() {
        return "ask-password";
    }

    @Override
    public boolean attended() {
        return true;
    }

    @Override
    public PromptAnswer askPin(PromptRequest request, Withdrawal withdrawal) {
        return ask(request, withdrawal, "no", message(request, "PIN"));
    }

    @Override
    public PromptAnswer askConsent(PromptRequest request, Withdrawal withdrawal) {
        PromptAnswer answer = ask(request, withdrawal, "yes", message(request, "Type yes to go on"));
        if (answer instanceof PromptAnswer.Entered entered) {
            try (Pin word = entered.pin()) {
                byte[] bytes = word.segment().toArray(ValueLayout.JAVA_BYTE);
                boolean yes = new String(bytes, StandardCharsets.UTF_8).strip().equalsIgnoreCase("yes");
                return yes ? new PromptAnswer.Confirmed() : new PromptAnswer.Cancelled();
            }
        }
        return answer;
    }

    /** Command lines are public, so the caller's own words, the last line, are left out. */
    private static String message(PromptRequest request, String question) {
        List<String> parts = new ArrayList<>();
        if (request.warning() != null) {
            parts.add(request.warning());
        }
        parts.addAll(request.lines().subList(0, Math.max(1, request.lines().size() - 1)));
        return PromptText.oneLine(String.join(" ", parts), 500) + " " + question;
    }

    private PromptAnswer ask(PromptRequest request, Withdrawal withdrawal, String echo, String message) {
        if (!Files.isExecutable(program)) {
            return new PromptAnswer.NotAvailable(program + " is not there");
        }
        if (!Files.isWritable(
                Files.isDirectory(queries.resolve("ask-password")) ? queries.resolve("ask-password") : queries)) {
            return new PromptAnswer.NotAvailable(
                    "only system services may ask through systemd's password agents (" + queries + " is not writable)");
        }
        List<String> command = List.of(
                program.toString(),
                "--no-tty",
                "--icon=smartcard",
                "--id=tokend:" + PromptText.oneLine(request.identifier(), 100),
                "--echo=" + echo,
                "--timeout=" + Math.max(1, request.timeout().toSeconds()),
                "--",
                message);
        long started = System.nanoTime();
        try (PipedChild child = PipedChild.start(command, environment.variables())) {
            withdrawal.onWithdraw(child::kill);
            try {
                return read(child, started, request.timeout());
            } finally {
                withdrawal.promptEnded();
            }
        } catch (IOException e) {
            return new PromptAnswer.NotAvailable(program + " failed: " + e.getMessage());
        }
    }

    private PromptAnswer read(PipedChild child, long started, Duration timeout) throws IOException {
        Pin pin = new Pin();
        try (LockedPage page = LockedPage.allocate(Pin.MAX_BYTES)) {
            while (true) {
                long left = timeout.plus(GRACE).toNanos() - (System.nanoTime() - started);
                int count = child.read(page.segment(), Duration.ofNanos(Math.max(0, left)));
                if (count < 0) {
                    break;
                }
                MemorySegment part = page.segment().asSlice(0, count);
                for (long i = 0; i < count; i++) {
                    byte value = part.get(ValueLayout.JAVA_BYTE, i);
                    if (value == '\n') {
                        return new PromptAnswer.Entered(pin);
                    }
                    if (!pin.append(value)) {
                        throw new IOException("what was entered is longer than " + Pin.MAX_BYTES + " bytes");
                    }
                }
            }
        } catch (java.net.SocketTimeoutException e) {
            pin.close();
            return new PromptAnswer.TimedOut();
        } catch (IOException e) {
            pin.close();
            throw e;
        }
        pin.close();
        return endedWithoutAnswer(Duration.ofNanos(System.nanoTime() - started), timeout);
    }

    private PromptAnswer endedWithoutAnswer(Duration took, Duration timeout) {
        if (took.compareTo(timeout) >= 0) {
            return new PromptAnswer.TimedOut();
        }
        return took.compareTo(TOO_SOON) < 0
                ? new PromptAnswer.NotAvailable(program + " gave up at once; is a password agent running?")
                : new PromptAnswer.Cancelled();
    }
}
