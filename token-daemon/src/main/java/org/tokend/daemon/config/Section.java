package org.tokend.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of the file. Reads its keys by name and type, and at the end names every key that nobody asked for. */
final class Section {
    private final Path file;
    private final TomlTable table;
    private final List<ConfigProblem> problems;
    private final Set<String> asked = new LinkedHashSet<>();

    Section(Path file, TomlTable table, List<ConfigProblem> problems) {
        this.file = file;
        this.table = table;
        this.problems = problems;
    }

    boolean has(String key) {
        asked.add(key);
        return table.get(List.of(key)) != null;
    }

    @Nullable
    String text(String key) {
        return value(key, String.class, "a string in quotes");
    }

    String requiredText(String key, String remedy) {
        if (!has(key)) {
            problem(null, "`" + key + "` is missing", remedy);
            return "";
        }
        String text = text(key);
        return text == null ? "" : text;
    }

    boolean flag(String key, boolean fallback) {
        return Objects.requireNonNullElse(value(key, Boolean.class, "true or false"), fallback);
    }

    int number(String key, int fallback, int least, int most) {
        Long number = value(key, Long.class, "a whole number");
        if (number == null) {
            return fallback;
        }
        if (number < least || number > most) {
            problem(key, "`" + key + "` is " + number, "write a number from " + least + " to " + most);
            return fallback;
        }
        return number.intValue();
    }

    Duration duration(String key, Duration fallback, Duration most) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        Duration duration = DurationText.parse(text).orElse(Duration.ZERO);
        if (duration.isZero() || duration.compareTo(most) > 0) {
            problem(
                    key,
                    "`" + key + "` is \"" + text + "\"",
                    "write a number with ms, s, m or h, more than 0 and at most " + DurationText.format(most));
            return fallback;
        }
        return duration;
    }

    @Nullable
    Duration optionalDuration(String key, Duration most) {
        return has(key) ? duration(key, most, most) : null;
    }

    @Nullable
    Path absolutePath(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            problem(key, "`" + key + "` is \"" + text + "\"", "write an absolute path, one that starts with /");
            return null;
        }
        return Path.of(text);
    }

    <E extends Enum<E>> E choice(String key, E fallback) {
        String text = text(key);
        return text == null ? fallback : choice(key, text, fallback);
    }

    <E extends Enum<E>> E choice(String key, String text, E fallback) {
        List<String> names = new ArrayList<>();
        for (E value : fallback.getDeclaringClass().getEnumConstants()) {
            String name = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(text)) {
                return value;
            }
            names.add("\"" + name + "\"");
        }
        problem(key, "`" + key + "` does not know \"" + text + "\"", "write " + String.join(" or ", names));
        return fallback;
    }

    /** @return null when the key is absent */
    @Nullable
    List<String> texts(String key) {
        TomlArray array = value(key, TomlArray.class, "a list of strings, such as [\"a\", \"b\"]");
        if (array == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) instanceof String text) {
                texts.add(text);
            } else {
                problemAt(array.inputPositionOf(i), "`" + key + "` holds more than strings", "put each in quotes");
            }
        }
        return texts;
    }

    /** Paths of executables; none when the key is absent. */
    List<String> programs(String key) {
        List<String> names = Objects.requireNonNullElse(texts(key), List.of());
        for (String name : names) {
            if (!name.startsWith("/")) {
                problem(key, "\"" + name + "\" is not an absolute path", "write one that starts with /");
            }
        }
        return names;
    }

    /** None when the key is absent. */
    List<Integer> numbers(String key, int least) {
        TomlArray array = value(key, TomlArray.class, "a list of whole numbers, such as [1000, 1001]");
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            if (array.get(i) instanceof Long number && number >= least && number <= Integer.MAX_VALUE) {
                numbers.add(number.intValue());
            } else {
                problemAt(
                        array.inputPositionOf(i),
                        "`" + key + "` holds what is no number from " + least + " on",
                        "write whole numbers without quotes");
            }
        }
        return numbers;
    }

    Map<String, String> textMap(String key) {
        TomlTable map = value(key, TomlTable.class, "a table, such as { NAME = \"value\" }");
        Map<String, String> result = new LinkedHashMap<>();
        if (map == null) {
            return result;
        }
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            if (entry.getValue() instanceof String text) {
                result.put(entry.getKey(), text);
            } else {
                problemAt(
                        map.inputPositionOf(List.of(entry.getKey())),
                        "`" + key + "." + entry.getKey() + "` is not a string",
                        "put its value in quotes");
            }
        }
        return result;
    }

    @Nullable
    Section section(String key) {
        TomlTable inner = value(key, TomlTable.class, "a table, [" + key + "]");
        return inner == null ? null : new Section(file, inner, problems);
    }

    List<Section> sections(String key) {
        TomlArray array = value(key, TomlArray.class, "written as [[" + key + "]]");
        List<Section> sections = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            if (array.get(i) instanceof TomlTable inner) {
                sections.add(new Section(file, inner, problems));
            } else {
                problemAt(array.inputPositionOf(i), "`" + key + "` is not a table", "write [[" + key + "]]");
            }
        }
        return sections;
    }

    /** Call when all keys have been asked for. */
    void finish() {
        for (String key : table.keySet()) {
            if (!asked.contains(key)) {
                problem(key, "unknown key `" + key + "`", "remove it, or write " + nearest(key));
            }
        }
    }

    /** @param key the key it is about, or null for the table as a whole */
    void problem(@Nullable String key, String problem, String remedy) {
        TomlPosition position = key == null ? null : table.inputPositionOf(List.of(key));
        if (position == null) {
            position = firstPosition();
        }
        problemAt(position, problem, remedy);
    }

    private void problemAt(@Nullable TomlPosition position, String problem, String remedy) {
        int line = position == null ? 0 : position.line();
        int column = position == null ? 0 : position.column();
        problems.add(new ConfigProblem(file, line, column, problem, remedy));
    }

    private @Nullable TomlPosition firstPosition() {
        for (String key : table.keySet()) {
            TomlPosition position = table.inputPositionOf(List.of(key));
            if (position != null) {
                return position;
            }
        }
        return null;
    }

    private <T> @Nullable T value(String key, Class<T> type, String form) {
        asked.add(key);
        Object value = table.get(List.of(key));
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        problem(key, "`" + key + "` has the wrong type", "write " + form);
        return null;
    }

    private String nearest(String unknown) {
        String best = null;
        int bestDistance = 1 + unknown.length() / 2;
        for (String known : asked) {
            int distance = EditDistance.between(unknown, known);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = known;
            }
        }
        return best == null ? "one of: " + String.join(", ", asked) : "`" + best + "` if you meant that";
    }
}
