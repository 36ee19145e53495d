package org.tokend.pkcs11.cryptoki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A throwaway SoftHSM token and a private copy of the module, whose globals nobody else in this process shares. SoftHSM reads
 * SOFTHSM2_CONF when it is initialised: {@link #select()} must come before.
 */
public final class SoftHsm implements AutoCloseable {
    public static final String LABEL = "contract";
    public static final String PIN = "73551902";
    public static final String SO_PIN = "48120766";

    private static final Path INSTALLED = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    private final Path directory;
    private final Path module;

    private SoftHsm(Path directory) throws IOException {
        this.directory = directory;
        this.module = Files.copy(INSTALLED, directory.resolve("libsofthsm2.so"));
        Files.createDirectory(directory.resolve("tokens"));
        Files.writeString(
                configuration(),
                "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
                        .formatted(directory));
    }

    public static SoftHsm create() {
        try {
            SoftHsm token = new SoftHsm(Files.createTempDirectory("tokend-softhsm-"));
            token.initialiseToken();
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void initialiseToken() throws IOException {
        ProcessBuilder util = new ProcessBuilder(List.of(
                        "softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", SO_PIN, "--pin", PIN))
                .redirectErrorStream(true);
        util.environment().put("SOFTHSM2_CONF", configuration().toString());
        Process process = util.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("softhsm2-util: " + said);
        }
    }

    public Path configuration() {
        return directory.resolve("softhsm2.conf");
    }

    public Path module() {
        return module;
    }

    /** Puts SOFTHSM2_CONF into this process's environment, as the module reads it. */
    public SoftHsm select() {
        Linker linker = Linker.nativeLinker();
        var setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("SOFTHSM2_CONF");
            MemorySegment value = arena.allocateFrom(configuration().toString());
            if ((int) setenv.invokeExact(name, value, 1) != 0) {
                throw new IllegalStateException("setenv failed");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
