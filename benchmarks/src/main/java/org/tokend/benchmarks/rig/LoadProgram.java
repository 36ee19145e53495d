package org.tokend.benchmarks.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The C program that all subjects but the Java ones are measured with. */
public final class LoadProgram {
    private final Path executable;

    public LoadProgram(Path executable) {
        this.executable = executable;
    }

    public Path executable() {
        return executable;
    }

    /** One program with so many threads. */
    public Clients threads(Target target, int count) {
        return Clients.start(target.name(), target.with(command("threads", count)));
    }

    public Clients programs(Target target, int count) {
        return Clients.start(target.name(), target.with(command("programs", count)));
    }

    /** Programs one after the other: microseconds from the start of each to its first signature, or why it got none. */
    public List<String> starts(Target target, int count) {
        return launch(target, "starts", count);
    }

    /** All programs at once. */
    public List<String> storm(Target target, int count) {
        return launch(target, "storm", count);
    }

    private List<String> launch(Target target, String how, int count) {
        try {
            Process process = target.with(command(how, count))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            try (InputStream output = process.getInputStream()) {
                return Text.array(new String(output.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new RigException(target.name() + ": the load program does not run", e);
        }
    }

    private List<String> command(String how, int count) {
        return List.of(executable.toString(), how, Integer.toString(count));
    }
}
