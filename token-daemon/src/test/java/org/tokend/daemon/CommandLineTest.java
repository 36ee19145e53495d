package org.tokend.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.daemon.config.DaemonSettings;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.protocol.Algorithm;

class CommandLineTest {
    @TempDir
    Path directory;

    private static CommandLine parse(String... arguments) throws Exception {
        return CommandLine.parse(List.of(arguments));
    }

    @Test
    @DisplayName("What tokend is told is what it does")
    void commands() throws Exception {
        assertThat(parse()).isEqualTo(new CommandLine.Run(null, null));
        assertThat(parse("--config", "/c", "--socket=/s")).isEqualTo(new CommandLine.Run(Path.of("/c"), Path.of("/s")));
        assertThat(parse("check-config")).isEqualTo(new CommandLine.CheckConfig(null));
        assertThat(parse("check-config", "/c")).isEqualTo(new CommandLine.CheckConfig(Path.of("/c")));
        assertThat(parse("verify-audit", "/a")).isEqualTo(new CommandLine.VerifyAudit(Path.of("/a")));
        assertThat(parse("--help")).isEqualTo(new CommandLine.Help());
        assertThat(parse("--version")).isEqualTo(new CommandLine.Version());
    }

    @ParameterizedTest
    @DisplayName("What it does not know it says")
    @ValueSource(strings = {"--confg /c", "start", "--socket", "--socket=", "verify-audit", "check-config a b"})
    void unknown(String line) {
        assertThatThrownBy(() -> CommandLine.parse(Arrays.asList(line.split(" ", -1))))
                .isInstanceOf(CommandLine.UsageException.class)
                .hasMessageContaining("tokend --help");
    }

    @Test
    @DisplayName("The socket: command line, then environment, then configuration, then convention")
    void socket() {
        Places session = new Places(Map.of("XDG_RUNTIME_DIR", "/run/user/1000"), 1000);
        assertThat(session.socket(Path.of("/x"), DaemonSettings.defaults())).isEqualTo(Path.of("/x"));
        assertThat(session.socket(null, DaemonSettings.defaults()))
                .isEqualTo(Path.of("/run/user/1000/tokend/tokend.sock"));
        assertThat(new Places(Map.of(), 0).socket(null, DaemonSettings.defaults()))
                .isEqualTo(Path.of("/run/tokend/tokend.sock"));
        assertThat(new Places(Map.of("TOKEND_SOCKET", "/e", "XDG_RUNTIME_DIR", "/r"), 0)
                        .socket(null, DaemonSettings.defaults()))
                .isEqualTo(Path.of("/e"));
    }

    @Test
    @DisplayName("The state directory is made for us alone, and refused when others may write it")
    void state() throws Exception {
        int uid = org.tokend.daemon.config.OwnUser.uid();
        Places places = new Places(Map.of("XDG_STATE_HOME", directory.toString()), uid);
        Path made = places.state(DaemonSettings.defaults());
        assertThat(made).isEqualTo(directory.resolve("tokend")).isDirectory();
        java.nio.file.Files.setPosixFilePermissions(
                made, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> places.state(DaemonSettings.defaults())).hasMessageContaining("chmod 700 " + made);
    }

    @Test
    @DisplayName("The wire and the bridge know the same algorithms")
    void algorithms() {
        assertThat(Arrays.stream(Algorithm.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(KeyAlgorithm.values()).map(Enum::name).toList());
    }
}
