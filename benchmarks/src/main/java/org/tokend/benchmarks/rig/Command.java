package org.tokend.benchmarks.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A command that is run to its end.
 *
 * @param environment besides ours
 */
public record Command(List<String> line, Map<String, String> environment) {
    public Command {
        line = List.copyOf(line);
        environment = Map.copyOf(environment);
    }

    public static Command of(String... line) {
        return new Command(List.of(line), Map.of());
    }

    public Command with(Map<String, String> variables) {
        return new Command(line, variables);
    }

    /** @return milliseconds from its start to its end */
    public double millis(Path directory) {
        return run(directory).millis();
    }

    public String output(Path directory) {
        return run(directory).output();
    }

    private record Ended(double millis, String output) {}

    private Ended run(Path directory) {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said;
            try (InputStream output = process.getInputStream()) {
                said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            }
            int status = process.waitFor();
            double millis = (System.nanoTime() - begin) / 1e6;
            if (status != 0) {
                throw new RigException(line.get(0) + " ended with " + status + ": " + said.strip());
            }
            return new Ended(millis, said);
        } catch (IOException e) {
            throw new RigException(line.get(0) + " does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted", e);
        }
    }
}
