package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.tokend.fixtures.daemon.CommandResult;

/** Runs other people's programs in a directory, with these variables in their environment and no others. */
record Programs(Path directory, Map<String, String> environment) {
    private static final long PATIENCE_SECONDS = 60;

    Programs {
        environment = Map.copyOf(environment);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Makes a program for a PATH that begins with the directory {@code bin}. */
    Path script(String name, String text) throws IOException {
        Path script = Files.createDirectories(file("bin")).resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    ProcessBuilder program(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs a program to its end; one that waits for ever fails. */
    CommandResult run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "out", "");
        Path errors = Files.createTempFile(directory, "err", "");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        CommandResult result = new CommandResult(
                process.waitFor(),
                Files.readString(output, StandardCharsets.ISO_8859_1),
                Files.readString(errors, StandardCharsets.ISO_8859_1));
        assertThat(ended)
                .as("%s ends within %s s; it said: %s", builder.command(), PATIENCE_SECONDS, result)
                .isTrue();
        return result;
    }

    String succeeds(String... command) throws IOException, InterruptedException {
        return succeeds(program(command));
    }

    /** What the program wrote to standard output. */
    String succeeds(ProcessBuilder builder) throws IOException, InterruptedException {
        CommandResult result = run(builder);
        assertThat(result.status())
                .as("%s\n%s\n%s", String.join(" ", builder.command()), result.output(), result.errors())
                .isZero();
        return result.output();
    }
}
