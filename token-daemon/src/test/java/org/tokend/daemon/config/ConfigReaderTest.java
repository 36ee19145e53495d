package org.tokend.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.daemon.access.ApplicationRule;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.access.KeyRight;
import org.tokend.daemon.access.KeyRule;
import org.tokend.daemon.access.Profile;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.uri.Pkcs11Uri;
import org.tokend.protocol.Algorithm;

class ConfigReaderTest {
    private static final String FINGERPRINT = "sha256:" + "ab".repeat(32);

    @TempDir
    Path directory;

    private Path module;

    @BeforeEach
    void makeModule() throws IOException {
        module = write("module.so", "not really");
    }

    @Test
    @DisplayName("An empty file means the defaults")
    void emptyFile() throws Exception {
        assertThat(read("")).isEqualTo(Configuration.defaults());
    }

    @Test
    @DisplayName("Every key is read")
    void everyKey() throws Exception {
        Configuration configuration = read("""
                discover-modules = false
                [daemon]
                socket = "/run/x.sock"
                allow-group = "tokens"
                allow-root = true
                max-connections = 10
                max-connections-per-program = 3
                max-waiting-per-token = 7
                frame-timeout = "1500ms"
                write-timeout = "4s"
                drain = "1s"
                state-directory = "/var/x"
                audit-file = "/var/x/a"
                verify-signatures = false
                decrypt-budget = 0
                [pin]
                prompt = ["ask-password"]
                pinentry = "/usr/bin/pinentry-tty"
                prompt-timeout = "2m"
                idle-lock = "1h"
                absolute-lock = "24h"
                [[module]]
                name = "m"
                path = "%s"
                isolation = "none"
                wrapper = "sun"
                max-sessions = 1
                deadline = "7s"
                login-deadline = "8s"
                environment = { A = "b" }
                init-args = "x"
                [[token]]
                uri = "pkcs11:token=t"
                pin-source = "credential:pin"
                idle-lock = "5m"
                absolute-lock = "6m"
                pin-tries = 3
                [[key]]
                key = "%s"
                role = "ca"
                algorithms = ["ecdsa-sha256"]
                programs = ["/usr/bin/a"]
                confirm = true
                [p11kit]
                enabled = false
                socket = "/run/p"
                accept-client-pin = true
                max-connections = 9
                max-connections-per-program = 8
                max-sessions = 7
                max-objects = 6
                [[application]]
                programs = ["/usr/bin/a", "/usr/bin/b"]
                uids = [1000, 0]
                profile = "manage"
                mechanisms = ["CKM_RSA_PKCS", "0x1041"]
                [[application]]
                keys = ["%s"]
                keys-may = ["sign"]
                [[application]]
                keys-may = ["hidden"]
                """.formatted(module, FINGERPRINT, FINGERPRINT));

        assertThat(configuration.discoverModules()).isFalse();
        assertThat(configuration.daemon())
                .isEqualTo(new DaemonSettings(
                        Path.of("/run/x.sock"),
                        "tokens",
                        true,
                        10,
                        3,
                        7,
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(1),
                        Path.of("/var/x"),
                        Path.of("/var/x/a"),
                        false,
                        0));
        assertThat(configuration.pin())
                .isEqualTo(new PinSettings(
                        List.of(PinSettings.PromptKind.ASK_PASSWORD),
                        Path.of("/usr/bin/pinentry-tty"),
                        Duration.ofMinutes(2),
                        Duration.ofHours(1),
                        Duration.ofHours(24)));
        assertThat(configuration.modules())
                .containsExactly(new ModuleSettings(
                        "m",
                        module,
                        ModuleSettings.Isolation.NONE,
                        ModuleSettings.Wrapper.SUN,
                        1,
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Map.of("A", "b"),
                        "x"));
        assertThat(configuration.tokens())
                .containsExactly(new TokenSettings(
                        Pkcs11Uri.parse("pkcs11:token=t"),
                        new PinSource.Credential("pin"),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(6),
                        3));
        KeyRule rule = configuration.keys().getFirst();
        assertThat(rule.key()).hasToString("Fingerprint[fingerprint=" + FINGERPRINT + "]");
        assertThat(rule.role()).isEqualTo(KeyRule.Role.CA);
        assertThat(rule.algorithms()).isEqualTo(Set.of(Algorithm.ECDSA_SHA256));
        assertThat(rule.programs()).isEqualTo(Set.of("/usr/bin/a"));
        assertThat(rule.confirm()).isTrue();
        assertThat(configuration.p11kit()).isEqualTo(new P11kitSettings(false, Path.of("/run/p"), true, 9, 8, 7, 6));
        assertThat(configuration.applications())
                .containsExactly(
                        new ApplicationRule(
                                Set.of("/usr/bin/a", "/usr/bin/b"),
                                Set.of(1000, 0),
                                List.of(),
                                Set.of(KeyRight.values()),
                                Set.of(CKM.RSA_PKCS, CKM.ECDSA),
                                Profile.MANAGE),
                        new ApplicationRule(
                                Set.of(),
                                Set.of(),
                                List.of(KeyName.parse(FINGERPRINT)),
                                Set.of(KeyRight.LISTED, KeyRight.SIGN),
                                Set.of(),
                                Profile.MAIL),
                        new ApplicationRule(Set.of(), Set.of(), List.of(), Set.of(), Set.of(), Profile.MAIL));
    }

    @ParameterizedTest
    @DisplayName("What is wrong is told with line, column and what to do")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    discover-moduls = true                      | 1:1 | unknown key `discover-moduls` | `discover-modules`
                    ` \n[daemon]\n  socket = 3`                 | 3:3 | `socket` has the wrong type   | a string in quotes
                    `[daemon]\nsocket = "x.sock"`               | 2:1 | `socket` is "x.sock"          | an absolute path
                    `[daemon]\ndrain = "5 s"`                   | 2:1 | `drain` is "5 s"              | at most 1m
                    `[daemon]\ndrain = "61s"`                   | 2:1 | `drain` is "61s"              | at most 1m
                    `[daemon]\nmax-connections = 0`             | 2:1 | `max-connections` is 0        | a number from 1 to 65536
                    `[daemon]\nallow-root = "yes"`              | 2:1 | `allow-root` has the wrong    | true or false
                    `[pin]\nprompt = ["pinentry", "voice"]`     | 2:1 | does not know "voice"         | "pinentry" or "ask-password"
                    `[pin]\nprompt = [3]`                       | 2:11 | holds more than strings      | quotes
                    `[[module]]\nname = "a"`                    | 2:1 | `path` is missing             | path = "/usr/lib/
                    `[[module]]\npath = "/x"`                   | 2:1 | `name` is missing             | name = "..."
                    `[[token]]\nuri = "pkcs11:token=a?pin-value=1"` | 2:1 | pin-value is refused      | tokenctl tokens
                    `[[token]]\nuri = "pkcs11:token=a"\npin-source = "123456"` | 3:1 | neither a credential nor a file | never the PIN
                    `[[key]]\nkey = "mail"`                     | 2:1 | no key's name                 | tokenctl keys
                    `[[key]]\nkey = "pkcs11:"\nrole = "root"`   | 3:1 | does not know "root"          | "mail" or "generic" or "ca"
                    `[[key]]\nkey = "pkcs11:"\nalgorithms = ["md5"]` | 3:1 | does not know "md5"      | rsa-pkcs1-sha1
                    `[p11kit]\nsocket = "pkcs11"`              | 2:1 | `socket` is "pkcs11"          | an absolute path
                    `[p11kit]\naccept-client-pins = true`      | 2:1 | unknown key                   | `accept-client-pin`
                    `[p11kit]\nmax-sessions = 0`               | 2:1 | `max-sessions` is 0           | a number from 1
                    `[[application]]\nprofile = "manage"`      | 2:1 | is for all programs           | programs = ["/usr/bin/p11tool"]
                    `[[application]]\nprofile = "root"`        | 2:1 | does not know "root"          | "mail" or "generic" or "manage"
                    `[[application]]\nprograms = ["certutil"]` | 2:1 | not an absolute path          | starts with /
                    `[[application]]\nuids = ["ann"]`          | 2:9 | no number from 0 on           | without quotes
                    `[[application]]\nuids = [-1]`             | 2:9 | no number from 0 on           | without quotes
                    `[[application]]\nkeys = ["mail"]`         | 2:1 | no key's name                 | tokenctl keys
                    `[[application]]\nkeys-may = ["read"]`     | 2:1 | does not know "read"          | "listed", "sign"
                    `[[application]]\nkeys-may = []`           | 2:1 | `keys-may` is empty           | ["hidden"] alone
                    `[[application]]\nkeys-may = ["hidden", "sign"]` | 2:1 | "hidden" and more       | ["hidden"] alone
                    `[[application]]\nmechanisms = ["RSA"]`    | 2:1 | does not know "RSA"           | "CKM_RSA_PKCS"
                    `[[application]]\nkeys = ["pkcs11:object=a"]\nprofile = "generic"` | 3:1 | beside `keys` | without `keys`
                    `[[application]]\nkeys = ["pkcs11:object=a"]\nmechanisms = ["0x1"]` | 3:1 | beside `keys` | without `keys`
                    a =                                         | 1:4 | expected a value              | mend the TOML
                    `a = 1\na = 2`                              | 2:1 | previously defined            | mend the TOML
                    """)
    void problems(String text, String place, String problem, String remedy) {
        ConfigException failure = failure(text.replace("\\n", "\n"));

        assertThat(failure.problems())
                .anySatisfy(found -> assertThat(found.toString())
                        .startsWith(directory.resolve("config.toml") + ":" + place + ": ")
                        .contains(problem)
                        .contains(remedy)
                        .doesNotContain("\n"));
    }

    @Test
    @DisplayName("A PIN that was written into the file is not repeated")
    void pinIsNotRepeated() {
        assertThat(failure("[[token]]\nuri = \"pkcs11:token=a\"\npin-source = \"971364\"\n"))
                .hasMessageNotContaining("971364");
    }

    @Test
    @DisplayName("All problems are told at once")
    void allProblems() {
        assertThat(failure("a = 1\nb = 2\n[daemon]\nc = 3\n").problems()).hasSize(3);
    }

    @Test
    @DisplayName("Two modules of one name are refused")
    void twoModules() {
        String table = "[[module]]\nname = \"m\"\npath = \"" + module + "\"\n";
        assertThat(failure(table + table).getMessage()).contains(":5:1: two modules are named \"m\"");
    }

    @Test
    @DisplayName("A module that is not there is named")
    void missingModule() {
        assertThat(failure("[[module]]\nname = \"m\"\npath = \"/nowhere/x.so\"\n")
                        .getMessage())
                .contains(":3:1: /nowhere/x.so does not exist or cannot be reached")
                .contains("write the path of an existing file");
    }

    @Test
    @DisplayName("A module that others may write is refused")
    void writableModule() throws IOException {
        Files.setPosixFilePermissions(module, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(failure("[[module]]\nname = \"m\"\npath = \"" + module + "\"\n")
                        .getMessage())
                .contains(":3:1: " + module + " may be written by others (mode 664)")
                .contains("chmod go-w " + module.toRealPath());
    }

    @Test
    @DisplayName("A module in a directory that others may write is refused")
    void replaceableModule() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path inside = Files.createFile(open.resolve("m.so"));
        assertThat(failure("[[module]]\nname = \"m\"\npath = \"" + inside + "\"\n")
                        .getMessage())
                .contains("may be replaced by others")
                .contains("chmod o-w " + open.toRealPath());
    }

    @Test
    @DisplayName("A module behind a symbolic link that others may replace is refused, however safe its target")
    void replaceableLink() throws IOException {
        Path open = Files.createDirectory(directory.toRealPath().resolve("links"));
        Path link = Files.createSymbolicLink(open.resolve("m.so"), write("m.so", ""));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(failure("[[module]]\nname = \"m\"\npath = \"" + link + "\"\n")
                        .getMessage())
                .contains("can be replaced by those who may write " + open)
                .contains("chmod go-w " + open);
    }

    @Test
    @DisplayName("A configuration that the group may write is refused before it is read")
    void writableConfig() throws IOException {
        Path file = write("config.toml", "nonsense");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThatThrownBy(() -> reader().read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": " + file + " may be written by others (mode 664); run: chmod go-w "
                        + file.toRealPath());
    }

    @Test
    @DisplayName("A configuration of another user is refused")
    void foreignConfig() throws IOException {
        Path file = write("config.toml", "");
        ConfigReader ofSomebodyElse = new ConfigReader(new FileTrust(OwnUser.uid() == 0 ? 4242 : 4242));
        if (OwnUser.uid() == 0) {
            Files.setAttribute(file, "unix:uid", 4243);
        }
        assertThatThrownBy(() -> ofSomebodyElse.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("belongs to uid");
    }

    @Test
    @DisplayName("A configuration that is not there is named")
    void missingConfig() {
        assertThatThrownBy(() -> reader().read(directory.resolve("none.toml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.toml does not exist");
    }

    private Configuration read(String text) throws ConfigException, IOException {
        return reader().read(write("config.toml", text));
    }

    private ConfigException failure(String text) {
        return catchThrowableOfType(ConfigException.class, () -> read(text));
    }

    private static ConfigReader reader() {
        return new ConfigReader(new FileTrust(OwnUser.uid()));
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }
}
