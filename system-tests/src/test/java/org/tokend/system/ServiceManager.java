package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.tokend.fixtures.daemon.DaemonFixture;

/** Keeps descriptors for a daemon from one run to the next, as systemd does for units with a descriptor store. */
final class ServiceManager implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path program;
    private final Path notify;
    private final Path hand;
    private final Path said;
    private final Process process;

    private ServiceManager(Path directory) throws IOException, InterruptedException {
        this.program = compile(directory);
        this.notify = directory.resolve("notify");
        this.hand = directory.resolve("hand");
        this.said = directory.resolve("said");
        this.process = new ProcessBuilder(program.toString(), "keep", notify.toString(), hand.toString())
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        await().atMost(SOON).until(() -> Files.exists(hand));
    }

    static ServiceManager start(Path directory) throws IOException, InterruptedException {
        return new ServiceManager(Files.createDirectory(directory));
    }

    private static Path compile(Path directory) throws IOException, InterruptedException {
        String name = "service_manager.c";
        try (InputStream source = Objects.requireNonNull(ServiceManager.class.getResourceAsStream(name), name)) {
            Files.copy(source, directory.resolve(name));
        }
        Process gcc = new ProcessBuilder("gcc", "-O1", "-Wall", "-o", "service_manager", name)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(gcc.waitFor()).as(output).isZero();
        return directory.resolve("service_manager");
    }

    void startsDaemonOf(DaemonFixture.Builder builder) {
        builder.environment("NOTIFY_SOCKET", notify.toString())
                .environment("FDSTORE", "256")
                .through(program.toString(), "launch", hand.toString());
    }

    /** A line for each time that it was handed descriptors. */
    String said() throws IOException {
        return Files.readString(said);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
