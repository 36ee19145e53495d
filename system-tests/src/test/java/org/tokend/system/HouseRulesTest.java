package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
        assertThat(mainSources())
                .allSatisfy(file -> assertThat(lines(file)).as(name(file)).hasSizeLessThanOrEqualTo(LONGEST_FILE));
    }

    @Test
    @DisplayName("No class has a name that says nothing")
    void namesSaySomething() throws IOException {
        assertThat(mainSources())
                .allSatisfy(file -> assertThat(
                                Objects.requireNonNull(file.getFileName()).toString())
                        .doesNotMatch(SAYS_NOTHING));
    }

    @Test
    @DisplayName("Every package says what comes in and what goes out, and is null-marked")
    void packagesAreDescribed() throws IOException {
        List<Path> packages =
                mainSources().stream().map(Path::getParent).distinct().toList();
        assertThat(packages).allSatisfy(directory -> {
            Path info = directory.resolve("package-info.java");
            assertThat(info).exists();
            assertThat(String.join("\n", lines(info))).contains("/**", "@NullMarked");
        });
    }

    @Test
    @DisplayName("No static field can be assigned twice")
    void noStaticMutableState() throws IOException {
        assertThat(mainSources())
                .allSatisfy(file -> assertThat(lines(file))
                        .as(name(file))
                        .noneMatch(line -> STATIC_VARIABLE.matcher(line).matches()));
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

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }
}
