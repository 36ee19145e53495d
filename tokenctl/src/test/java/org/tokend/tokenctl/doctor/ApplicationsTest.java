package org.tokend.tokenctl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.tokenctl.application.Machine;

@DisplayName("doctor apps")
class ApplicationsTest {
    @TempDir
    Path root;

    private Path home;

    @BeforeEach
    void home() {
        home = root.resolve("home/alice");
    }

    private Map<String, Check> checks() {
        Machine machine = new Machine(
                Map.of(
                        "HOME", home.toString(),
                        "PATH", root.resolve("usr/bin").toString(),
                        "XDG_RUNTIME_DIR", root.resolve("run").toString()),
                root);
        Map<String, Check> checks = new LinkedHashMap<>();
        new Applications(machine).examine().forEach(check -> checks.put(check.name(), check));
        return checks;
    }

    private Check check(String name) {
        return Objects.requireNonNull(checks().get(name), name);
    }

    private void file(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void installed(String program) throws IOException {
        Path file = root.resolve("usr/bin").resolve(program);
        file(file, "");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static void assertNext(Check check, Check.Verdict verdict, String next) {
        assertThat(check.verdict()).as(check.toString()).isEqualTo(verdict);
        assertThat(check.next()).contains(next);
    }

    @Test
    @DisplayName("on a bare machine says what to install and start, and nothing of programs that are not there")
    void bare() {
        assertThat(checks().keySet()).containsExactly("p11-kit-client", "p11-kit socket");
        assertNext(check("p11-kit-client"), Check.Verdict.FAILED, "apt-get install p11-kit-modules");
        assertNext(check("p11-kit socket"), Check.Verdict.FAILED, "start tokend");
    }

    @Test
    @DisplayName("finds the profiles of Thunderbird, Firefox and Evolution, and the command that sets each up")
    void profiles() throws IOException {
        for (String place :
                new String[] {".thunderbird/a.default", ".mozilla/firefox/b.x y", ".local/share/evolution"}) {
            file(home.resolve(place).resolve("cert9.db"), "");
            file(home.resolve(place).resolve("pkcs11.txt"), "library=\nname=internal\n\n");
        }
        file(home.resolve(".thunderbird/Crash Reports/x"), "");
        assertNext(
                check("Thunderbird"),
                Check.Verdict.WARNING,
                "tokenctl setup nss --profile '" + home.resolve(".thunderbird/a.default") + "'");
        assertNext(check("Firefox"), Check.Verdict.WARNING, home.resolve(".mozilla/firefox/b.x y") + "'");
        file(home.resolve(".local/share/evolution/pkcs11.txt"), "library=/x/p11-kit-client.so\nname=mine\n\n");
        assertThat(check("Evolution").verdict()).isEqualTo(Check.Verdict.OK);
    }

    @Test
    @DisplayName("looks into the settings of GnuTLS, OpenSSH, OpenSSL and gpgsm where they are installed")
    void programs() throws IOException {
        Path client = root.resolve("usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so");
        file(client, "");
        for (String program : new String[] {"p11tool", "ssh", "openssl", "gpgsm", "keytool"}) {
            installed(program);
        }
        assertNext(check("GnuTLS"), Check.Verdict.WARNING, "module: p11-kit-client.so");
        assertNext(check("OpenSSH"), Check.Verdict.WARNING, "PKCS11Provider " + client);
        assertNext(check("OpenSSL"), Check.Verdict.WARNING, "libengine-pkcs11-openssl");
        assertNext(check("gpgsm"), Check.Verdict.WARNING, "apt-get install gnupg-pkcs11-scd");
        assertThat(check("Java").finding()).contains("library = " + client);

        file(home.resolve(".config/pkcs11/modules/tokend.module"), "module: p11-kit-client.so\n");
        file(home.resolve(".ssh/config"), "Host *\n  pkcs11provider = \"" + client + "\"\n");
        file(root.resolve("usr/lib/aarch64-linux-gnu/ossl-modules/pkcs11.so"), "");
        installed("gnupg-pkcs11-scd");
        file(home.resolve(".gnupg/gpg-agent.conf"), "scdaemon-program /usr/bin/gnupg-pkcs11-scd\n");
        file(
                home.resolve(".gnupg/gnupg-pkcs11-scd.conf"),
                "providers tokend\nprovider-tokend-library " + client + "\n");
        assertNext(check("gpgsm"), Check.Verdict.WARNING, "allow-protected-auth");
        file(
                home.resolve(".gnupg/gnupg-pkcs11-scd.conf"),
                "providers tokend\nprovider-tokend-library " + client + "\nprovider-tokend-allow-protected-auth\n");
        for (String name : new String[] {"GnuTLS", "OpenSSH", "OpenSSL", "gpgsm"}) {
            assertThat(check(name).verdict()).isEqualTo(Check.Verdict.OK);
        }
        assertThat(check("OpenSSL").finding()).contains("PKCS11_PROVIDER_MODULE=" + client);
    }

    @Test
    @DisplayName("says which sandboxes do not see the socket")
    void flatpak() throws IOException {
        Files.createDirectories(home.resolve(".var/app/org.mozilla.Thunderbird"));
        Files.createDirectories(home.resolve(".var/app/org.example.Game"));
        assertNext(
                check("flatpak org.mozilla.Thunderbird"),
                Check.Verdict.WARNING,
                "flatpak override --user --filesystem=xdg-run/p11-kit org.mozilla.Thunderbird");
        assertThat(checks()).doesNotContainKey("flatpak org.example.Game");
        file(
                home.resolve(".local/share/flatpak/overrides/org.mozilla.Thunderbird"),
                "[Context]\nfilesystems=xdg-run/p11-kit;\n");
        assertThat(check("flatpak org.mozilla.Thunderbird").verdict()).isEqualTo(Check.Verdict.OK);
    }
}
