package org.tokend.tokenctl.output;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * The process around the command, or a test's stand-in for it.
 *
 * @param outIsTerminal whether tables may be coloured and fitted to a person's eye
 */
public record Environment(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> variables,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Clock clock) {

    public static Environment ofProcess() {
        return new Environment(
                new FileInputStream(FileDescriptor.in),
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                isTerminal(1),
                isTerminal(2),
                Clock.systemUTC());
    }

    /** Asks the kernel, because {@code System.console()} looks at standard input and output together. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException noSuchDescriptor) {
            return false;
        }
    }

    /** See no-color.org: any value but the empty one. */
    public boolean coloursOnOut() {
        return outIsTerminal
                && variables.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(variables.get("TERM"));
    }

    /** Where large contents wait in files that have no name. */
    public Path temporaryDirectory() {
        String configured = variables.getOrDefault("TMPDIR", "");
        return Path.of(configured.isEmpty() ? "/tmp" : configured);
    }
}
