package org.tokend.pkcs11.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("p11-kit's configuration")
class P11KitConfigurationTest {
    @TempDir
    Path root;

    private P11KitDirectories directories;
    private Path soft;

    @BeforeEach
    void createDirectories() throws IOException {
        root = root.toRealPath();
        for (String name : List.of("packaged", "system", "user", "lib/pkcs11")) {
            Files.createDirectories(root.resolve(name));
        }
        directories = new P11KitDirectories(
                root.resolve("packaged"),
                root.resolve("system"),
                root.resolve("pkcs11.conf"),
                root.resolve("user"),
                root.resolve("user.conf"),
                List.of(root.resolve("elsewhere"), root.resolve("lib/pkcs11")));
        soft = write("lib/soft.so", "code");
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(root.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    private Discovery read() throws IOException {
        return P11KitConfiguration.read(directories, "tokend", OwnUid.get());
    }

    private List<String> notes() throws IOException {
        return read().notes().stream()
                .map(note -> note.toString().replace(root + "/", ""))
                .toList();
    }

    @DisplayName("names a module by an absolute path, with everything that belongs to it")
    @Test
    void absolute() throws IOException {
        Path source = write(
                "packaged/soft.module",
                "# a comment\n\n  module : " + soft + "  \npriority: 7\nx-init-reserved: configdir='sql:/db' flags=\n"
                        + "managed: yes\r\n");
        assertThat(read().modules())
                .containsExactly(new DiscoveredModule("soft", soft, "configdir='sql:/db' flags=", 7, source));
        assertThat(read().notes()).isEmpty();
    }

    @DisplayName("names a module by a relative path, which lies in the module directory")
    @Test
    void relative() throws IOException {
        Path card = write("lib/pkcs11/card.so", "code");
        Path source = write("packaged/card.module", "module: card.so\n");
        write("packaged/gone.module", "module: gone.so\n");
        assertThat(read().modules()).containsExactly(new DiscoveredModule("card", card, null, 0, source));
        assertThat(notes())
                .containsExactly(
                        "packaged/gone.module:1: left out: gone.so is not in any of [" + "elsewhere, lib/pkcs11]");
    }

    @DisplayName("puts the user's file before the administrator's before the package's, setting by setting")
    @Test
    void layers() throws IOException {
        Path source = write("packaged/soft.module", "module: " + soft + "\npriority: 1\n");
        write("system/soft.module", "priority: 2\nx-init-reserved: system\n");
        write("user/soft.module", "x-init-reserved: user\n");
        assertThat(read().modules()).containsExactly(new DiscoveredModule("soft", soft, "user", 2, source));

        write("pkcs11.conf", "user-config: none\n");
        assertThat(read().modules()).containsExactly(new DiscoveredModule("soft", soft, "system", 2, source));

        write("pkcs11.conf", "user-config: only\n");
        assertThat(read().modules()).isEmpty();
        assertThat(notes()).containsExactly("user/soft.module: left out: it names no module");

        write("pkcs11.conf", "user-config: merge\n");
        write("user.conf", "user-config: none\n");
        assertThat(read().modules()).containsExactly(new DiscoveredModule("soft", soft, "system", 2, source));

        write("user.conf", "user-config: sometimes\n");
        assertThat(read().modules()).extracting(DiscoveredModule::reserved).containsExactly("user");
        assertThat(notes()).containsExactly("user.conf:1: user-config is none, merge or only, not 'sometimes'");
    }

    @DisplayName("switches a module off with an empty name")
    @Test
    void switchedOff() throws IOException {
        write("packaged/soft.module", "module: " + soft + "\n");
        write("user/soft.module", "module:\n");
        assertThat(read().modules()).isEmpty();
        assertThat(notes()).containsExactly("user/soft.module:1: left out: switched off here: the module has no name");
    }

    @DisplayName("orders modules by priority and then by name")
    @Test
    void order() throws IOException {
        for (String name : List.of("b", "a", "c")) {
            Path module = write("lib/" + name + ".so", "code");
            write("packaged/" + name + ".module", "module: " + module + "\n" + (name.equals("c") ? "priority: 5" : ""));
        }
        assertThat(read().modules()).extracting(DiscoveredModule::name).containsExactly("c", "a", "b");
    }

    @DisplayName("says in which programs a module is wanted")
    @Test
    void programs() throws IOException {
        for (String rule : List.of(
                "enable-in: firefox, tokend",
                "disable-in: p11-kit-proxy firefox",
                "enable-in: firefox",
                "disable-in: firefox,tokend",
                "enable-in: tokend\ndisable-in: tokend")) {
            String name = "m" + Integer.toHexString(rule.hashCode());
            Path module = write("lib/" + name + ".so", "code");
            write(
                    "packaged/" + name + ".module",
                    "module: " + module + "\nx-rule: " + rule.replace('\n', ' ') + "\n" + rule);
        }
        assertThat(read().modules()).hasSize(3);
        assertThat(notes())
                .hasSize(3)
                .anySatisfy(note -> assertThat(note).endsWith(":3: left out: enable-in does not name tokend"))
                .anySatisfy(note -> assertThat(note).endsWith(":3: left out: disable-in names tokend"))
                .anySatisfy(note -> assertThat(note).endsWith("stand together: enable-in decides"));
    }

    @DisplayName("lists things that are no modules with keys: they are left out, and it is said why")
    @Test
    void leftOut() throws IOException {
        Path trust = write("lib/pkcs11/p11-kit-trust.so", "code");
        Files.createSymbolicLink(root.resolve("lib/ckbi.so"), trust);
        write("packaged/ckbi.module", "module: " + root.resolve("lib/ckbi.so") + "\n");
        write("packaged/client.module", "module: " + write("lib/p11-kit-client.so", "code") + "\n");
        write("packaged/far.module", "remote: |ssh far p11-kit remote " + soft + "\nmodule: " + soft + "\n");
        write("packaged/trust.module", "module: p11-kit-trust.so\ntrust-policy: yes\n");
        assertThat(read().modules()).isEmpty();
        assertThat(read().notes()).allMatch(DiscoveryNote::asMeant);
        assertThat(notes())
                .containsExactly(
                        "packaged/ckbi.module:1: left out: p11-kit-trust.so is part of p11-kit itself and holds no keys",
                        "packaged/client.module:1: left out: p11-kit-client.so is part of p11-kit itself and holds no keys",
                        "packaged/far.module:1: left out: remote modules are not supported",
                        "packaged/trust.module:2: left out: it is a source of trusted certificates, not of keys");
    }

    @DisplayName("may be malformed: the file and the line are named, and the others still hold")
    @Test
    void malformed() throws IOException {
        write("packaged/good.module", "module: " + soft + "\npriority: high\n");
        write("packaged/half.module", "module: " + soft + "\n");
        write("system/half.module", "module\n[section]\n");
        write("system/notes.txt", "module: x\n");
        write("system/.hidden.module", "module: x\n");
        write("system/large.module", "#".repeat(70_000));
        assertThat(read().modules()).extracting(DiscoveredModule::name).containsExactly("good");
        assertThat(read().notes()).noneMatch(DiscoveryNote::asMeant);
        assertThat(notes())
                .containsExactly(
                        "system/.hidden.module: left out: its name does not end in .module, or has other characters"
                                + " than letters, digits, '_', '-' and '.'",
                        "system/half.module:1: left out: not of the form 'name: value'",
                        "system/half.module:2: left out: not of the form 'name: value'",
                        "system/large.module: left out: larger than 65536 bytes",
                        "system/notes.txt: left out: its name does not end in .module, or has other characters than"
                                + " letters, digits, '_', '-' and '.'",
                        "packaged/good.module:2: the priority is a whole number, not 'high'; taken as 0");
    }

    @DisplayName("is not followed where others may write")
    @Test
    void untrusted() throws IOException {
        Path open = write("packaged/open.module", "module: " + soft + "\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path code = write("lib/open.so", "code");
        Files.setPosixFilePermissions(code, PosixFilePermissions.fromString("rwxrwxr-x"));
        write("packaged/code.module", "module: " + code + "\n");
        assertThat(read().modules()).isEmpty();
        assertThat(notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("packaged/open.module: left out: packaged/open.module may be written by others"))
                .anySatisfy(note -> assertThat(note)
                        .startsWith("packaged/code.module:1: left out: lib/open.so may be written by others"));
    }

    @DisplayName("may list one file twice: it is one module")
    @Test
    void twins() throws IOException {
        Files.createSymbolicLink(root.resolve("lib/alias.so"), soft);
        write("packaged/alias.module", "module: " + root.resolve("lib/alias.so") + "\n");
        write("packaged/soft.module", "module: " + soft + "\npriority: 1\n");
        assertThat(read().modules()).extracting(DiscoveredModule::name).containsExactly("soft");
        assertThat(notes()).containsExactly("packaged/alias.module: left out: lib/soft.so is the module soft already");
    }

    @DisplayName("may be missing altogether")
    @Test
    void missing() throws IOException {
        Path none = root.resolve("none");
        directories = new P11KitDirectories(none, none, none, null, null, List.of());
        assertThat(read()).isEqualTo(new Discovery(List.of(), List.of()));
    }

    @DisplayName("of this machine names SoftHSM, and the user's part is not read for root")
    @Test
    void thisMachine() throws IOException {
        P11KitDirectories root = P11KitDirectories.ofThisMachine(Map.of("HOME", "/home/me"), 0);
        assertThat(root.user()).isNull();
        P11KitDirectories user = P11KitDirectories.ofThisMachine(Map.of("HOME", "/home/me"), 1000);
        assertThat(user.user()).isEqualTo(Path.of("/home/me/.config/pkcs11/modules"));
        assertThat(user.userSettings()).isEqualTo(Path.of("/home/me/.config/pkcs11/pkcs11.conf"));
        assertThat(P11KitConfiguration.read(root, "tokend", OwnUid.get()).modules())
                .anySatisfy(module -> assertThat(module.path().getFileName()).hasToString("libsofthsm2.so"))
                .noneSatisfy(module -> assertThat(module.path().getFileName()).hasToString("p11-kit-trust.so"));
    }
}
