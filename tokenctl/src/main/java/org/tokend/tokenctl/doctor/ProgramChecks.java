package org.tokend.tokenctl.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.tokend.tokenctl.application.Machine;

/** Programs whose settings are text files, and libraries that need an add-on before they know PKCS#11. */
final class ProgramChecks {

    private final Machine machine;
    private final String module;

    /** @param module what the programs shall load */
    ProgramChecks(Machine machine, String module) {
        this.machine = machine;
        this.module = module;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        machine.program("p11tool").ifPresent(program -> checks.add(gnutls()));
        machine.program("ssh").ifPresent(program -> checks.add(ssh()));
        machine.program("openssl").ifPresent(program -> checks.add(openssl()));
        machine.program("keytool").ifPresent(program -> checks.add(java(program)));
        machine.program("gpgsm").ifPresent(program -> checks.add(gpgsm()));
        for (Path application : Machine.directories(machine.home().resolve(".var/app"))) {
            flatpak(application.getFileName().toString()).ifPresent(checks::add);
        }
        return checks;
    }

    /** GnuTLS and all others that load what p11-kit's configuration lists. */
    private Check gnutls() {
        List<Path> places = List.of(
                machine.xdg("XDG_CONFIG_HOME", ".config").resolve("pkcs11/modules"),
                machine.root().resolve("etc/pkcs11/modules"),
                machine.root().resolve("usr/share/p11-kit/modules"));
        Predicate<String> loadsClient = line -> line.startsWith("module:")
                && Machine.isClientModule(line.substring("module:".length()).strip());
        for (Path place : places) {
            for (Path file : files(place)) {
                if (Machine.lines(file).stream().anyMatch(loadsClient)) {
                    return Check.ok("GnuTLS", file + " lists p11-kit-client.so");
                }
            }
        }
        return Check.warning(
                "GnuTLS",
                "no .module file lists p11-kit-client.so, so programs find it only when it is named",
                "echo 'module: p11-kit-client.so' > " + places.getFirst() + "/tokend.module");
    }

    private static List<Path> files(Path directory) {
        try (var inside = Files.list(directory)) {
            return inside.filter(file -> file.toString().endsWith(".module"))
                    .sorted()
                    .toList();
        } catch (java.io.IOException absent) {
            return List.of();
        }
    }

    private Check ssh() {
        Path file = machine.home().resolve(".ssh/config");
        List<String> providers = Machine.lines(file).stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("pkcs11provider"))
                .map(line -> line.substring("pkcs11provider".length())
                        .replaceFirst("^\\s*=?\\s*", "")
                        .replace("\"", ""))
                .toList();
        if (providers.stream().anyMatch(Machine::isClientModule)) {
            return Check.ok("OpenSSH", file + " has PKCS11Provider " + module);
        }
        return Check.warning(
                "OpenSSH",
                providers.isEmpty()
                        ? file + " has no PKCS11Provider"
                        : file + " has another PKCS11Provider: " + providers.getFirst(),
                "write \"PKCS11Provider " + module + "\" there, or say it each time: ssh -I " + module);
    }

    private Check openssl() {
        Optional<Path> provider = machine.library("ossl-modules/pkcs11.so");
        Optional<Path> engine =
                machine.library("engines-3/pkcs11.so").or(() -> machine.library("engines-1.1/pkcs11.so"));
        if (provider.isPresent()) {
            return Check.ok("OpenSSL", provider.get() + "; name the module with PKCS11_PROVIDER_MODULE=" + module);
        }
        if (engine.isPresent()) {
            return Check.ok("OpenSSL", engine.get() + "; name the module with PKCS11_MODULE_PATH=" + module);
        }
        return Check.warning(
                "OpenSSL",
                "neither the PKCS#11 provider nor the engine is installed",
                "apt-get install pkcs11-provider (Debian 13 and later) or libengine-pkcs11-openssl");
    }

    /** What a Java program is told stands in a file of its own, wherever that is. */
    private Check java(Path keytool) {
        return Check.ok(
                "Java",
                keytool + "; give SunPKCS11 a file with the lines \"name = tokend\" and \"library = " + module + "\"");
    }

    private Check gpgsm() {
        String configured = machine.variables().getOrDefault("GNUPGHOME", "");
        Path home = configured.isEmpty() ? machine.home().resolve(".gnupg") : Path.of(configured);
        if (machine.program("gnupg-pkcs11-scd").isEmpty()) {
            return Check.warning("gpgsm", "gnupg-pkcs11-scd is not installed", "apt-get install gnupg-pkcs11-scd");
        }
        boolean used = Machine.lines(home.resolve("gpg-agent.conf")).stream()
                .anyMatch(line -> line.startsWith("scdaemon-program") && line.endsWith("gnupg-pkcs11-scd"));
        if (!used) {
            return Check.warning(
                    "gpgsm",
                    home.resolve("gpg-agent.conf") + " does not name gnupg-pkcs11-scd as its scdaemon-program",
                    "see docs/applications/gpgsm.md; a scdaemon of GnuPG's own for OpenPGP cards is replaced by it");
        }
        Path file = home.resolve("gnupg-pkcs11-scd.conf");
        List<String> lines = Machine.lines(file);
        boolean loads = lines.stream().anyMatch(line -> line.startsWith("provider-") && Machine.isClientModule(line));
        boolean prompts = lines.stream().anyMatch(line -> line.endsWith("-allow-protected-auth"));
        return loads && prompts
                ? Check.ok("gpgsm", file + " loads p11-kit-client.so")
                : Check.warning(
                        "gpgsm",
                        file + (loads ? " lacks allow-protected-auth" : " does not load p11-kit-client.so"),
                        "write there: providers tokend; provider-tokend-library " + module
                                + "; provider-tokend-allow-protected-auth, each on a line of its own");
    }

    /** A sandbox sees the socket only when it is told to. */
    private Optional<Check> flatpak(String application) {
        if (!application.matches("org\\.mozilla\\..*|org\\.gnome\\.Evolution|org\\.libreoffice\\..*|.*Thunderbird.*")) {
            return Optional.empty();
        }
        String bind = "xdg-run/p11-kit";
        boolean bound = List.of(
                        machine.home().resolve(".local/share/flatpak/overrides").resolve(application),
                        machine.root().resolve("var/lib/flatpak/overrides").resolve(application))
                .stream()
                .flatMap(file -> Machine.lines(file).stream())
                .anyMatch(line -> line.startsWith("filesystems=") && line.contains(bind));
        return Optional.of(
                bound
                        ? Check.ok("flatpak " + application, "the sandbox has " + bind)
                        : Check.warning(
                                "flatpak " + application,
                                "its sandbox does not see the socket",
                                "flatpak override --user --filesystem=" + bind + " " + application));
    }
}
