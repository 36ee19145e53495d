package org.tokend.benchmarks.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.tokend.fixtures.FixtureDirectory;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** The stock server of p11-kit in front of a token. */
final class P11KitServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(10);

    private final FixtureDirectory directory;
    private final Process process;

    private P11KitServer(FixtureDirectory directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    static P11KitServer start(SoftHsmToken token) {
        FixtureDirectory directory = FixtureDirectory.create("p11-");
        Path socket = directory.resolve("pkcs11");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "p11-kit",
                "server",
                "--foreground",
                "--name",
                socket.toString(),
                "--provider",
                token.modulePath().toString(),
                "pkcs11:"));
        builder.environment().putAll(token.environment());
        try {
            Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            P11KitServer server = new P11KitServer(directory, process);
            server.await(socket);
            return server;
        } catch (IOException e) {
            directory.close();
            throw new RigException("p11-kit server does not start; is the package p11-kit installed?", e);
        }
    }

    Path socket() {
        return directory.resolve("pkcs11");
    }

    private void await(Path socket) {
        long deadline = System.nanoTime() + START.toNanos();
        while (!Files.exists(socket)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                close();
                throw new RigException("p11-kit server does not come up");
            }
            Pause.of(Duration.ofMillis(10));
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        directory.close();
    }
}
