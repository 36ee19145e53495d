package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** What others can learn from a running host. Reads /proc as root, as CI does; the host forbids it to its own user. */
@Tag("root")
class HostProtectionTest {
    private static final String PIN = "no-copy-of-this-PIN-4711";
    private static final int CHUNK = 1 << 20;

    private final SoftHsmToken token = SoftHsmToken.create("protected", PIN);
    private final RememberingLog log = new RememberingLog();
    private final IsolatedModule module =
            new IsolatedModule(ModuleSettings.of("soft", token.modulePath()).withEnvironment(variables()), log);

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(token.environment());
        variables.put("GIVEN_BY_THE_CONFIGURATION", "yes");
        return variables;
    }

    @AfterEach
    void close() {
        module.close();
        token.close();
    }

    private Path process() {
        return Path.of("/proc", Integer.toString(log.pid()));
    }

    @Test
    @DisplayName("After a login no copy of the PIN is left in the memory of the host")
    void pin() throws Exception {
        try (Cryptoki cryptoki = module.connect()) {
            long session = login(cryptoki);
            cryptoki.getSessionInfo(session);
            for (Charset charset :
                    List.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
                assertThat(occurrences(PIN.getBytes(charset)))
                        .as("in %s", charset)
                        .isZero();
            }
            // The search itself finds what is there.
            assertThat(occurrences("GIVEN_BY_THE_CONFIGURATION".getBytes(StandardCharsets.US_ASCII)))
                    .isPositive();
        }
    }

    private long login(Cryptoki cryptoki) throws CryptokiException {
        long[] slots = cryptoki.getSlotList(true);
        for (long slot : slots) {
            if (cryptoki.getTokenInfo(slot).label().equals(token.label())) {
                long session = cryptoki.openSession(slot, CKF.SERIAL_SESSION);
                try (Arena arena = Arena.ofConfined()) {
                    cryptoki.login(session, CKU.USER, arena.allocateFrom(ValueLayout.JAVA_BYTE, token.pinBytes()));
                }
                return session;
            }
        }
        throw new AssertionError("the token is not there");
    }

    private int occurrences(byte[] wanted) throws IOException {
        int found = 0;
        try (FileChannel memory = FileChannel.open(process().resolve("mem"), StandardOpenOption.READ)) {
            for (String mapping : Files.readAllLines(process().resolve("maps"))) {
                String[] fields = mapping.split("[- ]", 4);
                if (fields[2].startsWith("r") && !mapping.contains("[vvar")) {
                    found += occurrences(
                            memory,
                            Long.parseUnsignedLong(fields[0], 16),
                            Long.parseUnsignedLong(fields[1], 16),
                            wanted);
                }
            }
        }
        return found;
    }

    private static int occurrences(FileChannel memory, long start, long end, byte[] wanted) {
        int found = 0;
        for (long at = start; at < end && at >= 0; at += CHUNK) {
            // Overlapping, so that none is missed at a border.
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK + wanted.length - 1L, end - at));
            try {
                memory.read(chunk, at);
            } catch (IOException notMapped) {
                continue;
            }
            found += occurrences(chunk.array(), chunk.position(), wanted);
        }
        return found;
    }

    private static int occurrences(byte[] bytes, int length, byte[] wanted) {
        int found = 0;
        for (int i = 0; i + wanted.length <= length; i++) {
            int matched = 0;
            while (matched < wanted.length && bytes[i + matched] == wanted[matched]) {
                matched++;
            }
            found += matched == wanted.length ? 1 : 0;
        }
        return found;
    }

    @Test
    @DisplayName("It has the configuration's variables, signal chaining, and nothing of our environment")
    void environment() throws Exception {
        module.connect().close();
        assertThat(nullSeparated("environ").map(variable -> variable.replaceFirst("=.*", "")))
                .containsExactlyInAnyOrder(
                        "LANG", "PATH", "HOME", "LD_PRELOAD", "SOFTHSM2_CONF", "GIVEN_BY_THE_CONFIGURATION");
        assertThat(nullSeparated("cmdline"))
                .noneMatch(argument -> argument.contains(token.modulePath().toString()));
        assertThat(Files.readString(process().resolve("maps"))).contains("libjsig.so");
    }

    private Stream<String> nullSeparated(String file) throws IOException {
        return Stream.of(Files.readString(process().resolve(file)).split("\0"));
    }

    @Test
    @DisplayName("It gains no rights, dumps no core and cannot be attached to")
    void protection() throws Exception {
        module.connect().close();
        // no_new_privs belongs to threads: those that call the module have it.
        try (Stream<Path> threads = Files.list(process().resolve("task"))) {
            assertThat(threads.map(thread -> contentOf(thread.resolve("status")))
                            .filter(status -> status.startsWith("Name:\tcall-")))
                    .hasSize(module.maxConnections())
                    .allMatch(status -> status.contains("NoNewPrivs:\t1"));
        }
        assertThat(Files.readAllLines(process().resolve("limits")))
                .anyMatch(line -> line.matches("Max core file size +0 +0 +bytes *"));
        assertThat(nullSeparated("cmdline")).contains("-XX:+DisableAttachMechanism");
    }

    private static String contentOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("It ends when the daemon is killed")
    void endsWithTheDaemon() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LoneDaemon.class.getName(),
                token.modulePath().toString(),
                token.configuration().toString()));
        Process daemon = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            long host = Long.parseLong(daemon.inputReader().readLine());
            assertThat(ProcessHandle.of(host)).isPresent();
            daemon.destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ProcessHandle.of(host)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        } finally {
            daemon.destroyForcibly();
        }
    }
}
