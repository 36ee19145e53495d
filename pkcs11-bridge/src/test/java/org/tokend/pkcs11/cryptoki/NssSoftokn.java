package org.tokend.pkcs11.cryptoki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A throwaway NSS database and the module over it: a second real PKCS#11 module, one that wants an init string. */
final class NssSoftokn implements AutoCloseable {
    static final String LABEL = "NSS Certificate DB";
    static final byte[] PIN = "nss-password".getBytes(StandardCharsets.US_ASCII);

    private static final List<Path> PLACES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/libsoftokn3.so"),
            Path.of("/usr/lib/aarch64-linux-gnu/libsoftokn3.so"),
            Path.of("/usr/lib64/libsoftokn3.so"));

    private final Path directory;

    private NssSoftokn(Path directory) {
        this.directory = directory;
    }

    static NssSoftokn create() throws IOException {
        NssSoftokn database = new NssSoftokn(Files.createTempDirectory("tokend-nss-"));
        Path password = Files.write(database.directory.resolve("password"), PIN);
        Process certutil = new ProcessBuilder("certutil", "-N", "-d", database.location(), "-f", password.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(certutil.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (certutil.onExit().join().exitValue() != 0) {
            throw new IOException("certutil of the package libnss3-tools: " + said);
        }
        return database;
    }

    static Path module() {
        return PLACES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("install the package libnss3, none of " + PLACES));
    }

    private String location() {
        return "sql:" + directory;
    }

    String initString() {
        return "configdir='" + location() + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=";
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
