package org.tokend.pkcs11.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One configuration file: {@code name: value} lines, blank lines and lines that start with {@code #}. */
final class SettingsFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final int MAX_BYTES = 64 << 10;

    /** @param file and line where the value stands */
    record Setting(String value, Path file, int line) {
        DiscoveryNote problem(String text) {
            return DiscoveryNote.problem(file, line, text);
        }

        DiscoveryNote asMeant(String text) {
            return new DiscoveryNote(file, line, text, true);
        }
    }

    private SettingsFile() {}

    /** @return empty when the file cannot be read or has a line that is none; the notes say which */
    static Optional<Map<String, Setting>> read(Path file, List<DiscoveryNote> notes) {
        String text;
        try {
            if (Files.size(file) > MAX_BYTES) {
                notes.add(DiscoveryNote.problem(file, 0, "left out: larger than " + MAX_BYTES + " bytes"));
                return Optional.empty();
            }
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            notes.add(DiscoveryNote.problem(file, 0, "left out: cannot be read (" + e.getMessage() + ")"));
            return Optional.empty();
        }
        return parse(file, text, notes);
    }

    private static Optional<Map<String, Setting>> parse(Path file, String text, List<DiscoveryNote> notes) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        List<DiscoveryNote> malformed = new ArrayList<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            if (!NAME.matcher(name).matches()) {
                malformed.add(DiscoveryNote.problem(file, number, "left out: not of the form 'name: value'"));
                continue;
            }
            settings.put(name, new Setting(line.substring(colon + 1).strip(), file, number));
        }
        notes.addAll(malformed);
        return malformed.isEmpty() ? Optional.of(settings) : Optional.empty();
    }
}
