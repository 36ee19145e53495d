package org.tokend.smime.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** OpenSSL's command line as the peer. */
public final class Openssl {

    private final Path directory;

    public Openssl(Path directory) {
        this.directory = directory;
    }

    /** What the command did. */
    public record Result(int exitCode, String output) {}

    public Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        int exitCode = process.waitFor();
        return new Result(exitCode, Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    public Path write(String name, String text) throws IOException {
        return Files.writeString(file(name), text);
    }
}
