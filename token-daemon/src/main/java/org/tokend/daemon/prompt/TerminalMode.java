package org.tokend.daemon.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers how a terminal is set, because a pinentry that is ended in the middle leaves it without echo. */
final class TerminalMode {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Path terminal;
    private final @Nullable String settings;

    private TerminalMode(Path terminal, @Nullable String settings) {
        this.terminal = terminal;
        this.settings = settings;
    }

    static TerminalMode of(Path terminal) {
        return new TerminalMode(terminal, stty(terminal, "-g"));
    }

    void restore() {
        if (settings != null) {
            stty(terminal, settings);
        }
    }

    /** @return what it printed, or null when it failed: then the terminal is gone, or there is no stty */
    private static @Nullable String stty(Path terminal, String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/stty", "-F", terminal.toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.getOutputStream().close();
                boolean ended = process.waitFor(LIMIT);
                return ended && process.exitValue() == 0
                        ? new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip()
                        : null;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
