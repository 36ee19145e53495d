package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/**
 * Runs the documentation as written: every line that begins with {@code $ } in a fenced block marked {@code console}, one
 * page in one shell session. A page finds a token that holds the key of alice@example.org, her certificate as alice.pem, the
 * root as root.pem, a mail as mail.eml, and servers under the name server.example.org. A page that speaks of $BOB finds a second
 * organisation too, with another token and another daemon.
 */
class DocumentedCommandsIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What a page starts it also ends, unless one of its commands fails before. */
    private static final String NOTHING_LEFT_RUNNING = """
            trap '[ -z "${SSH_AGENT_PID:-}" ] || kill "$SSH_AGENT_PID" || true; [ -z "${GNUPGHOME:-}" ] || gpgconf --kill all || true' EXIT
            """;

    private static final Pattern TOML = Pattern.compile("```toml\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
            pages.removeIf(page -> commands(page).isEmpty());
            return pages.stream();
        }
    }

    @Timeout(180)
    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    @DisplayName("The commands of a page work as written")
    void commandsWork(Path page) throws Exception {
        try (SoftHsmToken token = SoftHsmToken.create("card");
                ScriptedPinentry pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin()))) {
            TestCa ca = TestCa.create();
            ImportedKey key = token.importKey(TestKey.RSA_2048_A.keyPair(), "alice");
            X509Certificate certificate = ca.mail(key.publicKey(), "alice@example.org");
            token.importCertificate(key, certificate);
            token.importCertificate(ca.issuing(), "issuing", new byte[] {0x7f});
            Files.writeString(directory.resolve("root.pem"), TestCa.pem(ca.root()));
            Files.writeString(directory.resolve("issuing.pem"), TestCa.pem(ca.issuing()));
            Files.writeString(directory.resolve("alice.pem"), TestCa.pem(certificate));
            Files.writeString(
                    directory.resolve("mail.eml"),
                    "From: alice@example.org\r\nTo: bob@example.org\r\nSubject: Lunch\r\n\r\nAt noon?\r\n");
            try (DaemonFixture daemon = configured(page, token, pinentry).start();
                    AutoCloseable servers = servers(page, programs(daemon, Map.of()), ca)) {
                if (read(page).contains("$BOB")) {
                    runWithTheOtherOrganisation(page, daemon);
                } else {
                    run(page, programs(daemon, Map.of()));
                }
            }
        }
    }

    private void runWithTheOtherOrganisation(Path page, DaemonFixture alice) throws Exception {
        assertThat(commands(page)).as("all that two people have to type").hasSize(10);
        try (OtherOrganisation bob = new OtherOrganisation(directory.resolve("other-root.pem"))) {
            run(page, programs(alice, bob.sockets(alice)));
        }
        assertThat(directory.resolve("answer.txt")).content().contains("At noon.");
        assertThat(directory.resolve("forks.txt")).content().contains("Bring forks.");
        assertThat(directory.resolve("secret.eml")).content().doesNotContain("At noon");
        assertThat(directory.resolve("forks.p7m")).content().doesNotContain("Bring forks");
    }

    /** What a page about applications or CAs says of the configuration holds while its commands run. */
    private static DaemonFixture.Builder configured(Path page, SoftHsmToken token, ScriptedPinentry pinentry) {
        DaemonFixture.Builder builder = DaemonFixture.builder().token(token).pinentry(pinentry);
        if (page.getParent().endsWith("applications") || page.endsWith("ca.md")) {
            TOML.matcher(read(page)).results().forEach(block -> builder.tables(block.group(1)));
        }
        return builder;
    }

    private static AutoCloseable servers(Path page, Programs programs, TestCa ca) throws Exception {
        boolean named = commands(page).stream().anyMatch(command -> command.contains(ExampleServers.NAME));
        return named ? new ExampleServers(programs, ca) : () -> {};
    }

    /** A person's session: a home directory, the daemon's sockets where they are looked for, somebody to ask. */
    private Programs programs(DaemonFixture daemon, Map<String, String> variables) throws IOException {
        Map<String, String> environment = new HashMap<>(daemon.environment());
        environment.putAll(variables);
        environment.put("HOME", directory.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("XDG_RUNTIME_DIR", daemon.directory().resolve("run").toString());
        String bin =
                Path.of(System.getProperty("tokend.home"), "bin").toRealPath().toString();
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        environment.put("PATH", String.join(":", directory + "/bin", bin, java, System.getenv("PATH")));
        Programs programs = new Programs(directory, environment);
        environment.put(
                "SSH_ASKPASS", programs.script("type-one-character", "echo x").toString());
        environment.put("SSH_ASKPASS_REQUIRE", "force");
        return new Programs(directory, environment);
    }

    private void run(Path page, Programs programs) throws Exception {
        StringBuilder script = new StringBuilder("set -eu\n" + NOTHING_LEFT_RUNNING);
        for (String command : commands(page)) {
            script.append("printf '%s\\n' ").append(quote("$ " + command)).append('\n');
            script.append(command).append('\n');
        }
        Path output = directory.resolve("output.txt");
        ProcessBuilder shell = programs.program("bash", "-c", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Process running = shell.start();
        running.getOutputStream().close();
        assertThat(running.waitFor())
                .as(() -> "exit status of the commands of " + page.getFileName() + ":\n" + read(output))
                .isZero();
    }

    private static List<String> commands(Path page) {
        List<String> commands = new ArrayList<>();
        boolean console = false;
        for (String line : read(page).lines().toList()) {
            if (line.startsWith("```")) {
                console = line.equals("```console");
            } else if (console && line.startsWith("$ ")) {
                commands.add(line.substring(2));
            } else if (console && line.startsWith("> ")) {
                commands.set(commands.size() - 1, commands.getLast() + "\n" + line.substring(2));
            }
        }
        return commands;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
