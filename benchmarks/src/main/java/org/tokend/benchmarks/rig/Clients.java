package org.tokend.benchmarks.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Running clients of one subject, which work when told to. */
public final class Clients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String name;
    private final Process process;
    private final BufferedReader said;
    private final Writer orders;

    private Clients(String name, Process process) {
        this.name = name;
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts them and waits until all of them have opened the token. */
    static Clients start(String name, ProcessBuilder builder) {
        Clients clients;
        try {
            clients = new Clients(
                    name, builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new RigException(name + ": the load program does not start", e);
        }
        try {
            Map<String, String> ready = Text.object(clients.line());
            if (!"0".equals(ready.get("lost"))) {
                throw new RigException(
                        name + ": " + ready.get("lost") + " clients could not open the token: " + ready.get("why"));
            }
            return clients;
        } catch (RuntimeException e) {
            clients.close();
            throw e;
        }
    }

    public Sample run(Operation operation, Duration howLong) {
        try {
            orders.write("run " + operation.wireName() + " " + howLong.toMillis() + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new RigException(name + ": the load program has ended", e);
        }
        Sample sample = Sample.parse(line());
        if (sample.errors() > 0) {
            throw new RigException(name + ": " + sample.errors() + " operations failed");
        }
        return sample;
    }

    private String line() {
        // Whatever hangs, the benchmark does not.
        CompletableFuture<Void> tooLong = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        try {
            String line = said.readLine();
            if (line == null) {
                throw new RigException(name + ": the load program has ended, or hung and was ended");
            }
            return line;
        } catch (IOException e) {
            throw new RigException(name + ": the load program has ended", e);
        } finally {
            tooLong.cancel(false);
        }
    }

    @Override
    public void close() {
        try (orders) {
            // The end of its input is the order to end.
        } catch (IOException alreadyGone) {
            process.destroyForcibly();
        }
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
