package org.tokend.daemon;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. */
sealed interface CommandLine {

    String HELP = """
            Usage: tokend [--config FILE] [--socket PATH]
                   tokend check-config [FILE]
                   tokend verify-audit FILE
                   tokend --help | --version

            Owns the sessions to smart cards and HSMs, asks the person for PINs, and signs and decrypts for programs
            over a Unix socket. Runs in the foreground; SIGTERM lets running requests end first.

              --config FILE         configuration; default $XDG_CONFIG_HOME/tokend/config.toml, then
                                    /etc/tokend/config.toml, then built-in defaults
              --socket PATH         socket; default $TOKEND_SOCKET, then the configuration's, then
                                    $XDG_RUNTIME_DIR/tokend/tokend.sock, then /run/tokend/tokend.sock
              check-config [FILE]   says what is wrong with a configuration, one line each, or OK
              verify-audit FILE     says whether an audit file is as it was written

            Exit codes: 0 ended by SIGTERM or all is well, 64 wrong usage, 65 the audit file was changed,
            69 the socket cannot be opened, 70 a defect, 74 a file of tokend's own cannot be used,
            78 the configuration is wrong.
            """;

    record Run(@Nullable Path config, @Nullable Path socket) implements CommandLine {}

    record CheckConfig(@Nullable Path file) implements CommandLine {}

    record VerifyAudit(Path file) implements CommandLine {}

    record Help() implements CommandLine {}

    record Version() implements CommandLine {}

    /** The message is one line for the person. */
    final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static CommandLine parse(List<String> arguments) throws UsageException {
        Deque<String> rest = new ArrayDeque<>(arguments);
        String first = rest.peek();
        return switch (first == null ? "" : first) {
            case "--help", "-h" -> new Help();
            case "--version", "-V" -> new Version();
            case "check-config" -> {
                rest.remove();
                yield new CheckConfig(rest.isEmpty() ? null : onlyFile(rest));
            }
            case "verify-audit" -> {
                rest.remove();
                yield new VerifyAudit(onlyFile(rest));
            }
            default -> run(rest);
        };
    }

    private static Run run(Deque<String> rest) throws UsageException {
        Path config = null;
        Path socket = null;
        while (!rest.isEmpty()) {
            String option = rest.remove();
            String value = null;
            int equals = option.indexOf('=');
            if (option.startsWith("--") && equals > 0) {
                value = option.substring(equals + 1);
                option = option.substring(0, equals);
            }
            switch (option) {
                case "--config" -> config = value(option, value, rest);
                case "--socket" -> socket = value(option, value, rest);
                default ->
                    throw new UsageException("tokend knows no \"" + option + "\"; tokend --help lists what it knows");
            }
        }
        return new Run(config, socket);
    }

    private static Path value(String option, @Nullable String value, Deque<String> rest) throws UsageException {
        String text = value == null ? rest.poll() : value;
        if (text == null || text.isEmpty()) {
            throw new UsageException(option + " needs a path; tokend --help shows how");
        }
        return Path.of(text).toAbsolutePath();
    }

    private static Path onlyFile(Deque<String> rest) throws UsageException {
        String file = rest.poll();
        if (file == null || !rest.isEmpty() || file.startsWith("-")) {
            throw new UsageException("one file is needed; tokend --help shows how");
        }
        return Path.of(file).toAbsolutePath();
    }
}
