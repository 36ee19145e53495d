package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.tokend.fixtures.fault.FaultModule;

/**
 * A program in C that loads a PKCS#11 module and does what it is told, a line at a time; application.c has the commands.
 * SIGPIPE kills it, as it kills every program that does not think of it.
 */
final class NativeApplication implements AutoCloseable {
    static final long OK = 0;
    static final long USER = 1;
    static final long CKO_PRIVATE_KEY = 3;
    static final long CKM_ECDSA = 0x1041;
    private static final long CKF_SERIAL_SESSION = 4;
    private static final long CKF_RW_SESSION = 2;
    private static final long PATIENCE_SECONDS = 60;
    private static final String ENDED = "(ended)";

    private final Process process;
    private final OutputStream commands;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private long slot;

    /** What a command came to: the CKR, what else stood in its line, and the lines before it. */
    record Answer(long ckr, String text, List<String> lines) {
        long number() {
            return Long.parseUnsignedLong(text, 16);
        }

        byte[] bytes() {
            return HexFormat.of().parseHex(text);
        }

        List<Long> numbers() {
            return lines.stream().map(line -> Long.parseUnsignedLong(line, 16)).toList();
        }

        Answer succeeded() {
            assertThat(ckr).as("CKR of %s", this).isEqualTo(OK);
            return this;
        }
    }

    private NativeApplication(Process process) {
        this.process = process;
        this.commands = process.getOutputStream();
        Thread.ofPlatform().daemon().start(this::read);
    }

    static NativeApplication start(Path module, Map<String, String> environment) throws IOException {
        return start(Compiled.program(), module, environment);
    }

    /** @param program a copy of the program, for a daemon that tells programs apart by their executable */
    static NativeApplication start(Path program, Path module, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), module.toString());
        builder.environment().putAll(environment);
        return new NativeApplication(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    static Path copy(Path target) throws IOException {
        Files.copy(Compiled.program(), target);
        return target;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            output.add("(unreadable: " + e + ")");
        }
        output.add(ENDED);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The path by which the audit knows it. */
    static String executable() {
        return Compiled.program().toString();
    }

    /** Sends a command and does not wait for it. */
    NativeApplication send(String command, Object... numbers) {
        StringBuilder line = new StringBuilder(command);
        for (Object number : numbers) {
            line.append(' ');
            line.append(number instanceof Number value ? Long.toHexString(value.longValue()) : number.toString());
        }
        try {
            commands.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            commands.flush();
            return this;
        } catch (IOException e) {
            throw new AssertionError("the application has ended: " + status(), e);
        }
    }

    /** Waits for the answer to a command that has been sent. */
    Answer answer() {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = next();
            if (line.startsWith("+")) {
                lines.add(line.substring(1).strip());
            } else {
                String[] parts = line.substring(1).split(" ", 2);
                return new Answer(
                        Long.parseUnsignedLong(parts[0], 16), parts.length < 2 ? "" : parts[1].strip(), lines);
            }
        }
    }

    private String next() {
        try {
            String line = output.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the application hangs: no answer in " + PATIENCE_SECONDS + " s");
            }
            if (!line.startsWith("+") && !line.startsWith("=")) {
                throw new AssertionError("the application has ended, with status " + status() + " " + line);
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String status() {
        try {
            return process.waitFor(10, TimeUnit.SECONDS) ? Integer.toString(process.exitValue()) : "none yet";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    Answer call(String command, Object... numbers) {
        return send(command, numbers).answer();
    }

    long initialize() {
        return call("initialize").ckr();
    }

    /** The first slot with a token. */
    long slot() {
        return call("slots", 1).succeeded().numbers().getFirst();
    }

    /** The slot that {@link #begin()} chose. */
    long slotOfBegin() {
        return slot;
    }

    long open(long slot) {
        return call("open", slot, CKF_SERIAL_SESSION).succeeded().number();
    }

    long openReadWrite(long slot) {
        return call("open", slot, CKF_SERIAL_SESSION | CKF_RW_SESSION)
                .succeeded()
                .number();
    }

    /** C_Login without a PIN. */
    long login(long session) {
        return call("login", session, USER).ckr();
    }

    /** Initialised and logged in; the session. */
    long begin() {
        assertThat(initialize()).as("C_Initialize").isEqualTo(OK);
        slot = slot();
        long session = open(slot);
        assertThat(login(session)).as("C_Login").isEqualTo(OK);
        return session;
    }

    long privateKey(long session, String label) {
        return call("find", session, CKO_PRIVATE_KEY, ":" + label)
                .succeeded()
                .numbers()
                .getFirst();
    }

    Answer sign(long session, long key, byte[] digest) {
        return call("sign", session, key, CKM_ECDSA, ":" + HexFormat.of().formatHex(digest));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** The class loader's lock makes this happen once; the program goes with the JVM. */
    private static final class Compiled {
        private static final Path PROGRAM = compile();

        static Path program() {
            return PROGRAM;
        }

        private static Path compile() {
            try {
                Path directory = Files.createTempDirectory("application-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
                copy(NativeApplication.class, "application.c", directory);
                copy(FaultModule.class, "pkcs11.h", directory);
                Process gcc = new ProcessBuilder(
                                "gcc", "-O1", "-Wall", "-o", "application", "application.c", "-ldl", "-pthread")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
                String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(gcc.waitFor()).as(said).isZero();
                return directory.resolve("application").toRealPath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static void copy(Class<?> beside, String name, Path directory) throws IOException {
            try (InputStream source = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
                Files.copy(source, directory.resolve(name));
            }
        }

        private static void delete(Path directory) {
            try {
                for (String name : List.of("application", "application.c", "pkcs11.h")) {
                    Files.deleteIfExists(directory.resolve(name));
                }
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                System.err.println("Left behind: " + directory + ": " + e);
            }
        }
    }
}
