package org.tokend.smime.policy;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is set for mail, by the administrator and by the person. The administrator's file goes first and can lock a key: then
 * the person's value is left out, and it is said why.
 */
public final class MailPolicy {

    /** Whether the roots that the system trusts count for mail: yes or no. */
    public static final String TRUST_SYSTEM = "trust.system";
    /** Whether a person may trust roots: yes or no. */
    public static final String TRUST_USER = "trust.user";
    /** What an unknown revocation means: soft (said, and let pass), hard (refused), or off (not asked). */
    public static final String REVOCATION = "revocation";
    /** Longest wait for all addresses of one decision, in seconds. */
    public static final String BUDGET = "network.seconds";

    private static final String LOCKED = "locked";
    private static final Map<String, String> DEFAULTS =
            Map.of(TRUST_SYSTEM, "yes", TRUST_USER, "yes", REVOCATION, "soft", BUDGET, "3");

    /** A value and the file that set it. */
    private record Setting(String value, Path file) {}

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, Path> locked = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final AlgorithmPolicy builtIn = AlgorithmPolicy.builtIn();

    private MailPolicy() {}

    /** @param files the administrator's, then the person's; those that do not exist are left out */
    public static MailPolicy read(List<Path> files) throws IOException {
        MailPolicy policy = new MailPolicy();
        for (Path file : files) {
            if (Files.exists(file)) {
                policy.add(file);
            }
        }
        return policy;
    }

    public static MailPolicy defaults() {
        return new MailPolicy();
    }

    private void add(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + ": " + malformed.getMessage(), malformed);
        }
        Set<String> names = new TreeSet<>(properties.stringPropertyNames());
        for (String name : names) {
            String value = properties.getProperty(name).strip();
            Path lock = locked.get(name);
            if (lock != null) {
                problems.add("POLICY_LOCKED: " + file + " sets " + name + ", which " + lock + " locks; it stays "
                        + value(name));
            } else if (!name.equals(LOCKED)) {
                check(name, value, file);
                settings.put(name, new Setting(value, file));
            }
        }
        for (String name : properties.getProperty(LOCKED, "").strip().split("[ ,]+", -1)) {
            if (!name.isEmpty()) {
                locked.putIfAbsent(name, file);
            }
        }
    }

    private void check(String name, String value, Path file) throws IOException {
        List<String> allowed = switch (name) {
            case TRUST_SYSTEM, TRUST_USER -> List.of("yes", "no");
            case REVOCATION -> List.of("soft", "hard", "off");
            case BUDGET -> value.matches("[0-9]{1,3}") ? List.of(value) : List.of("a number of seconds");
            case AlgorithmPolicy.DEFAULT_CIPHER ->
                List.of(
                        AlgorithmPolicy.isDefaultCipher(value)
                                ? value
                                : "a cipher like AES-256-CBC, or AES-256-CBC until 2030-01-31, AES-256-GCM,");
            default -> builtIn.knows(name) ? List.of(value) : List.of();
        };
        if (allowed.isEmpty()) {
            throw new IOException(file + ": " + name + " is not a setting; docs/trust.md lists them");
        }
        if (!allowed.contains(value)) {
            throw new IOException(
                    file + ": " + name + " is " + value + ", and " + String.join(" or ", allowed) + " is wanted");
        }
    }

    public String value(String name) {
        Setting setting = settings.get(name);
        return setting != null ? setting.value() : DEFAULTS.getOrDefault(name, builtIn.row(name));
    }

    /** The file that set it; empty for what is built in. */
    public Optional<Path> origin(String name) {
        return Optional.ofNullable(settings.get(name)).map(Setting::file);
    }

    public Optional<Path> lockedBy(String name) {
        return Optional.ofNullable(locked.get(name));
    }

    /** One sentence for each value that was left out. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    public boolean isOn(String name) {
        return value(name).toLowerCase(Locale.ROOT).equals("yes");
    }

    public Duration budget() {
        return Duration.ofSeconds(Long.parseLong(value(BUDGET)));
    }

    public AlgorithmPolicy algorithms() {
        Map<String, String> changes = new LinkedHashMap<>();
        settings.forEach((name, setting) -> {
            if (builtIn.knows(name)) {
                changes.put(name, setting.value());
            }
        });
        return builtIn.with(changes);
    }
}
