package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.daemon.CommandResult;

/** What the launchers in bin/ make of a machine and of a command line, seen by a java that only says how it was called. */
@Timeout(60)
class LauncherIT {
    private static final String WITHOUT_C2 = "-XX:TieredStopAtLevel=1";
    private static final long LARGE = 20 << 20;

    @TempDir
    private Path directory;

    private Programs programs;

    @BeforeEach
    void makeFiles() throws IOException {
        jdk("25.0.1");
        programs = new Programs(
                directory,
                Map.of(
                        "PATH",
                        "/usr/bin:/bin",
                        "TOKEND_JAVA_HOME",
                        directory.resolve("jdk").toString()));
        Files.writeString(directory.resolve("small"), "Subject: small\r\n\r\n");
        try (RandomAccessFile large =
                new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            large.setLength(LARGE);
        }
    }

    private void jdk(String version) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("jdk/bin"));
        Files.writeString(bin.resolveSibling("release"), "IMPLEMENTOR=\"any\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\nfor word; do echo \"$word\"; done\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private static Path command(String program) {
        return Path.of(System.getProperty("tokend.home"), "bin", program).toAbsolutePath();
    }

    private ProcessBuilder tokenctl(String... words) {
        String[] command = Stream.concat(Stream.of(command("tokenctl").toString()), Stream.of(words))
                .toArray(String[]::new);
        return programs.program(command);
    }

    private List<String> options(ProcessBuilder builder) throws Exception {
        return programs.succeeds(builder).lines().toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "sign --out large small",
                "smime sign small",
                "smime sign large",
                "smime sign",
                "smime encrypt small",
                "smime sign --out large small",
                "smime sign small --out large",
                "smime verify --json --ca large small"
            })
    @DisplayName("Small mails, what signs, and all that is no mail, start without the second compiler")
    void small(String line) throws Exception {
        assertThat(options(tokenctl(line.split(" ")))).contains(WITHOUT_C2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smime decrypt large",
                "smime sign --opaque large",
                "smime encrypt --out small large",
                "smime decrypt large --out small",
                "smime decrypt",
                "smime"
            })
    @DisplayName("Large mails, and those of which nobody knows, start with it")
    void large(String line) throws Exception {
        assertThat(options(tokenctl(line.split(" ")))).doesNotContain(WITHOUT_C2);
    }

    @Test
    @DisplayName("A mail on standard input is looked at where it is a file")
    void standardInput() throws Exception {
        assertThat(options(tokenctl("smime", "decrypt")
                        .redirectInput(directory.resolve("small").toFile())))
                .contains(WITHOUT_C2);
        assertThat(options(tokenctl("smime", "decrypt")
                        .redirectInput(directory.resolve("large").toFile())))
                .doesNotContain(WITHOUT_C2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokend", "tokenctl", "softhsm-fixtures", "tokenctl-git-x509"})
    @DisplayName("Words reach the program as they were written, from whatever name it is started by")
    void words(String program) throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("a link"), command(program));
        assertThat(options(programs.program(link.toString(), "two words", "", "$HOME *")))
                .endsWith("two words", "", "$HOME *");
    }

    @Test
    @DisplayName("A Java that is too old is refused, with what to do")
    void old() throws Exception {
        jdk("21.0.5");
        CommandResult result = programs.run(tokenctl("status"));
        assertThat(result.status()).isEqualTo(69);
        assertThat(result.errors()).contains("tokenctl: TOKEND_JAVA_HOME=", "is not a JDK 25 or later");
    }
}
