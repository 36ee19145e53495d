package org.tokend.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads the file, checks all of it, and tells every problem at once. Trusts no file that others may write. */
public final class ConfigReader {
    private static final long MAX_BYTES = 1024 * 1024;
    private static final int MAX_CONNECTIONS = 65_536;
    private static final int MAX_PIN_TRIES = 255;
    private static final int MAX_DECRYPT_BUDGET = 1_000_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final FileTrust trust;

    public ConfigReader(FileTrust trust) {
        this.trust = trust;
    }

    public Configuration read(Path file) throws ConfigException {
        Path path = file.toAbsolutePath();
        FileTrust.Doubt doubt = trust.doubt(path).orElse(null);
        if (doubt != null) {
            throw new ConfigException(List.of(new ConfigProblem(path, 0, 0, doubt.problem(), doubt.remedy())));
        }
        TomlParseResult toml = parse(path);
        List<ConfigProblem> problems = new ArrayList<>();
        for (TomlParseError error : toml.errors()) {
            problems.add(new ConfigProblem(
                    path,
                    error.position().line(),
                    error.position().column(),
                    oneLine(error.getMessage()),
                    "mend the TOML there"));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        Configuration configuration = configuration(new Section(path, toml, problems));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return configuration;
    }

    private static TomlParseResult parse(Path path) throws ConfigException {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new ConfigException(List.of(new ConfigProblem(
                        path, 0, 0, "the file is longer than " + MAX_BYTES + " bytes", "make it shorter")));
            }
            return Toml.parse(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigException(
                    List.of(new ConfigProblem(path, 0, 0, "cannot be read: " + e.getMessage(), "make it readable")));
        }
    }

    private Configuration configuration(Section root) {
        Section daemon = root.section("daemon");
        Section pin = root.section("pin");
        Configuration configuration = new Configuration(
                daemon == null ? DaemonSettings.defaults() : daemonSettings(daemon),
                pin == null ? PinSettings.defaults() : pinSettings(pin),
                P11kitReader.read(root.section("p11kit")),
                root.flag("discover-modules", true),
                new ModuleReader(trust).read(root.sections("module")),
                root.sections("token").stream().map(ConfigReader::tokenSettings).toList(),
                root.sections("key").stream().map(KeyReader::read).toList(),
                root.sections("application").stream()
                        .map(ApplicationReader::read)
                        .toList());
        root.finish();
        return configuration;
    }

    private static DaemonSettings daemonSettings(Section section) {
        DaemonSettings defaults = DaemonSettings.defaults();
        DaemonSettings settings = new DaemonSettings(
                section.absolutePath("socket"),
                section.text("allow-group"),
                section.flag("allow-root", defaults.allowRoot()),
                section.number("max-connections", defaults.maxConnections(), 1, MAX_CONNECTIONS),
                section.number("max-connections-per-program", defaults.maxConnectionsPerProgram(), 1, MAX_CONNECTIONS),
                section.number("max-waiting-per-token", defaults.maxWaitingPerToken(), 1, MAX_CONNECTIONS),
                section.duration("frame-timeout", defaults.frameTimeout(), MINUTE),
                section.duration("write-timeout", defaults.writeTimeout(), MINUTE),
                section.duration("drain", defaults.drain(), MINUTE),
                section.absolutePath("state-directory"),
                section.absolutePath("audit-file"),
                section.flag("verify-signatures", defaults.verifySignatures()),
                section.number("decrypt-budget", defaults.decryptBudget(), 0, MAX_DECRYPT_BUDGET));
        section.finish();
        return settings;
    }

    private static PinSettings pinSettings(Section section) {
        PinSettings defaults = PinSettings.defaults();
        Path pinentry = section.absolutePath("pinentry");
        PinSettings settings = new PinSettings(
                prompts(section, defaults.prompts()),
                pinentry == null ? defaults.pinentry() : pinentry,
                section.duration("prompt-timeout", defaults.promptTimeout(), DAY),
                section.duration("idle-lock", defaults.idleLock(), DAY),
                section.duration("absolute-lock", defaults.absoluteLock(), Duration.ofDays(7)));
        section.finish();
        return settings;
    }

    private static List<PinSettings.PromptKind> prompts(Section section, List<PinSettings.PromptKind> fallback) {
        List<String> names = section.texts("prompt");
        if (names == null) {
            return fallback;
        }
        return names.stream()
                .map(name -> section.choice("prompt", name, PinSettings.PromptKind.PINENTRY))
                .distinct()
                .toList();
    }

    private static TokenSettings tokenSettings(Section section) {
        TokenSettings settings = new TokenSettings(
                KeyReader.tokenUri(section),
                pinSource(section),
                section.optionalDuration("idle-lock", DAY),
                section.optionalDuration("absolute-lock", Duration.ofDays(7)),
                section.has("pin-tries") ? section.number("pin-tries", 1, 1, MAX_PIN_TRIES) : null);
        section.finish();
        return settings;
    }

    private static @Nullable PinSource pinSource(Section section) {
        String text = section.text("pin-source");
        if (text == null) {
            return null;
        }
        if (text.matches("credential:[A-Za-z0-9][A-Za-z0-9._-]*")) {
            return new PinSource.Credential(text.substring("credential:".length()));
        }
        if (text.startsWith("file:/") && text.indexOf('\0') < 0) {
            return new PinSource.File(Path.of(text.substring("file:".length())));
        }
        // Not repeated in the message: it may be the PIN itself.
        section.problem(
                "pin-source",
                "`pin-source` names neither a credential nor a file",
                "write \"credential:NAME\" or \"file:/absolute/path\", never the PIN");
        return null;
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "is not TOML" : message.lines().findFirst().orElse("is not TOML");
    }
}
