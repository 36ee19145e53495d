package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that can be read off the sources. */
class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LONGEST_FILE = 400;
    private static final Pattern SAYS_NOTHING =
            Pattern.compile("\\w*(Manager|Helper|Utils?|Impl|Base)\\.java|Abstract\\w*\\.java");
    private static final Pattern STATIC_VARIABLE = Pattern.compile(
            "^    (private |public |protected )?static (?!final\\b|\\w*\\s*class\\b)[\\w<>\\[\\], .?@]+ \\w+( =.*)?;$");

    @Test
    @DisplayName("The sources are found at all")
    void sourcesAreFound() throws IOException {
        assertThat(mainSources()).hasSizeGreaterThan(50);
    }

    @Test
    @DisplayName("No file of the main code is longer than 400 lines")
    void filesAreShort() throws IOException {
        assertThat(offenders(file -> lines(file).size() > LONGEST_FILE)).isEmpty();
    }

    @Test
    @DisplayName("No class has a name that says nothing")
    void namesSaySomething() throws IOException {
        assertThat(offenders(file -> SAYS_NOTHING
                        .matcher(Objects.requireNonNull(file.getFileName()).toString())
                        .matches()))
                .isEmpty();
    }

    @Test
    @DisplayName("Every package says what comes in and what goes out, and is null-marked")
    void packagesAreDescribed() throws IOException {
        assertThat(offenders(file -> !isDescribed(file.resolveSibling("package-info.java"))))
                .isEmpty();
    }

    @Test
    @DisplayName("No static field can be assigned twice")
    void noStaticMutableState() throws IOException {
        assertThat(offenders(file -> lines(file).stream()
                        .anyMatch(line -> STATIC_VARIABLE.matcher(line).matches())))
                .isEmpty();
    }

    private static List<String> offenders(Predicate<Path> offends) throws IOException {
        return mainSources().stream()
                .filter(offends)
                .map(file -> ROOT.relativize(file).toString())
                .toList();
    }

    private static boolean isDescribed(Path packageInfo) {
        if (!Files.exists(packageInfo)) {
            return false;
        }
        String text = String.join("\n", lines(packageInfo));
        return text.contains("/**") && text.contains("@NullMarked");
    }

    private static List<Path> mainSources() throws IOException {
        try (Stream<Path> files = Files.find(
                ROOT,
                20,
                (path, attributes) -> attributes.isRegularFile()
                        && path.toString().endsWith(".java")
                        && path.toString().contains("/src/main/java/"))) {
            return files.toList();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
