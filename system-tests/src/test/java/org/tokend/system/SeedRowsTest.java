package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table that says which test proves what names tests that exist. */
class SeedRowsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("\\| (\\d\\.\\d+) \\| [^|]+ \\| ([^|]+) \\|");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)(?:\\.(\\w+))?`");

    @Test
    @DisplayName("Every row is there once and names a test, with its method, or says that there is none yet")
    void rows() throws IOException {
        List<String> rows = Files.readAllLines(ROOT.resolve("docs/seed-rows.md")).stream()
                .filter(line -> line.matches("\\| \\d.*"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(80);
        assertThat(rows.stream().map(row -> row.split(" ", 3)[1])).doesNotHaveDuplicates();
        Map<String, String> tests = tests();
        for (String row : rows) {
            var parts = ROW.matcher(row);
            assertThat(parts.matches()).as(row).isTrue();
            if (!parts.group(2).equals("not yet")) {
                assertThat(parts.group(2)).as(row).matches("`[\\w.]+`(, `[\\w.]+`)*");
                NAMED.matcher(parts.group(2)).results().forEach(named -> {
                    assertThat(tests).as(row).containsKey(named.group(1));
                    if (named.group(2) != null) {
                        assertThat(tests.get(named.group(1))).as(row).contains("void " + named.group(2) + "(");
                    }
                });
            }
        }
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(each -> each.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))
                    .toList()) {
                String name = String.valueOf(file.getFileName());
                sources.merge(
                        name.substring(0, name.length() - ".java".length()), Files.readString(file), String::concat);
            }
        }
        return sources;
    }
}
