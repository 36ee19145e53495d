package org.tokend.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server program on the loopback address that says on its output which port it has; ended with all its children. */
final class LoopbackServer implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final int port;

    private LoopbackServer(Process process, Path log, Pattern ready) {
        this.process = process;
        this.log = log;
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !process.isAlive() || ready.matcher(log()).find());
        Matcher said = ready.matcher(log());
        if (!said.find()) {
            throw new AssertionError("the server does not start: " + log());
        }
        this.port = Integer.parseInt(said.group(1));
    }

    /** @param ready finds the port in what the server says when it is ready */
    static LoopbackServer start(ProcessBuilder builder, String ready) throws IOException {
        Path log = Files.createTempFile(builder.directory().toPath(), "server", ".log");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try {
            return new LoopbackServer(process, log, Pattern.compile(ready));
        } catch (RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    int port() {
        return port;
    }

    String log() {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
