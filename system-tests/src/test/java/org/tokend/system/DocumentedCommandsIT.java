package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
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
 * root as root.pem, and a mail as mail.eml.
 */
class DocumentedCommandsIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
            pages.removeIf(page -> commands(page).isEmpty());
            return pages.stream();
        }
    }

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
            try (DaemonFixture daemon = DaemonFixture.start(token, pinentry)) {
                run(page, daemon);
            }
        }
    }

    private void run(Path page, DaemonFixture daemon) throws Exception {
        StringBuilder script = new StringBuilder("set -eu\n");
        for (String command : commands(page)) {
            script.append("printf '%s\\n' ").append(quote("$ " + command)).append('\n');
            script.append(command).append('\n');
        }
        Path output = directory.resolve("output.txt");
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().putAll(daemon.environment());
        String bin =
                Path.of(System.getProperty("tokend.home"), "bin").toRealPath().toString();
        shell.environment().merge("PATH", bin, (path, own) -> own + ":" + path);
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
