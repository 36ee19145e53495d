package org.tokend.tokenctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.tokenctl.output.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

@DisplayName("The commands that are made for a command line")
class CommandTreeTest {

    private static final Environment ENVIRONMENT = Environment.ofProcess();

    static Stream<List<String>> paths() {
        return paths(RootCommand.commandLine(ENVIRONMENT), List.of());
    }

    private static Stream<List<String>> paths(CommandLine line, List<String> path) {
        return Stream.concat(
                Stream.of(path),
                line.getSubcommands().entrySet().stream()
                        .flatMap(each -> paths(
                                each.getValue(),
                                Stream.concat(path.stream(), Stream.of(each.getKey()))
                                        .toList())));
    }

    @ParameterizedTest
    @MethodSource("paths")
    @DisplayName("have the options, the parameters and the help that they have among all commands")
    void same(List<String> path) {
        CommandLine whole = descend(RootCommand.commandLine(ENVIRONMENT), path);
        CommandLine needed = descend(RootCommand.commandLine(ENVIRONMENT, path.toArray(String[]::new)), path);
        assertThat(options(needed)).isEqualTo(options(whole)).isNotEmpty();
        assertThat(needed.getUsageMessage()).isEqualTo(whole.getUsageMessage());
    }

    private static CommandLine descend(CommandLine line, List<String> path) {
        CommandLine at = line;
        for (String name : path) {
            at = Objects.requireNonNull(at.getSubcommands().get(name), name);
        }
        return at;
    }

    private static List<String> options(CommandLine line) {
        return line.getCommandSpec().args().stream().map(ArgSpec::toString).toList();
    }

    @Test
    @DisplayName("are the one that is named, and no other")
    void oneOfMany() {
        CommandLine line = RootCommand.commandLine(ENVIRONMENT, "--json", "smime", "sign", "--key", "k", "mail");
        assertThat(line.getSubcommands()).containsOnlyKeys("smime", "sign");
        assertThat(descend(line, List.of("smime")).getSubcommands()).containsOnlyKeys("sign");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "-Vh"})
    @DisplayName("are all where help is asked for, which describes them")
    void help(String option) {
        assertThat(RootCommand.commandLine(ENVIRONMENT, "smime", option).getUsageMessage())
                .isEqualTo(RootCommand.commandLine(ENVIRONMENT).getUsageMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "smime", "smime sign"})
    @DisplayName("know the version")
    void version(String command) {
        List<String> path = command.isEmpty() ? List.of() : List.of(command.split(" "));
        String[] line = Stream.concat(path.stream(), Stream.of("--version")).toArray(String[]::new);
        CommandLine made = descend(RootCommand.commandLine(ENVIRONMENT, line), path);
        assertThat(made.getCommandSpec().version()).hasSize(1).allMatch(text -> text.startsWith("tokenctl "));
    }
}
