package org.tokend.tokenctl.documentation;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A completion function for zsh's own system (zshcompsys(1)), one shell function for each command. */
final class ZshCompletion {

    private final CommandSpec root;

    ZshCompletion(CommandSpec root) {
        this.root = root;
    }

    String text() {
        StringBuilder script = new StringBuilder("#compdef tokenctl\n\n");
        append(root, script);
        return script.append("_tokenctl \"$@\"\n").toString();
    }

    private static void append(CommandSpec command, StringBuilder script) {
        script.append(function(command)).append("() {\n");
        List<String> arguments = new ArrayList<>();
        command.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> arguments.addAll(option(option)));
        if (command.subcommands().isEmpty()) {
            for (PositionalParamSpec parameter : command.positionalParameters()) {
                arguments.add(quote("::" + parameter.paramLabel() + ":" + action(parameter.paramLabel())));
            }
            script.append("    _arguments -s -S").append(lines(arguments)).append("\n}\n\n");
            return;
        }
        arguments.add(quote("1:command:->command"));
        arguments.add(quote("*::argument:->argument"));
        script.append("    local curcontext=\"$curcontext\" state line\n    _arguments -C -s -S")
                .append(lines(arguments))
                .append("\n    case $state in\n    command)\n        local -a commands=(");
        for (CommandLine each : command.subcommands().values()) {
            CommandSpec subcommand = each.getCommandSpec();
            script.append("\n            ").append(quote(subcommand.name() + ":" + summary(subcommand)));
        }
        script.append(
                "\n        )\n        _describe command commands\n        ;;\n    argument)\n        case $line[1] in\n");
        for (CommandLine each : command.subcommands().values()) {
            CommandSpec subcommand = each.getCommandSpec();
            script.append("        ")
                    .append(subcommand.name())
                    .append(") ")
                    .append(function(subcommand))
                    .append(" ;;\n");
        }
        script.append("        esac\n        ;;\n    esac\n}\n\n");
        command.subcommands().values().forEach(each -> append(each.getCommandSpec(), script));
    }

    private static String function(CommandSpec command) {
        return "_" + command.qualifiedName("_");
    }

    private static String lines(List<String> arguments) {
        StringJoiner lines = new StringJoiner("");
        arguments.forEach(argument -> lines.add(" \\\n        " + argument));
        return lines.toString();
    }

    /** One specification for each name: {@code '--out=[where it goes]:FILE:_files'}. */
    private static List<String> option(OptionSpec option) {
        String summary = summary(String.join(" ", option.description()));
        List<String> specifications = new ArrayList<>();
        for (String name : option.names()) {
            boolean takesValue = option.arity().max() > 0;
            String separator = !takesValue ? "" : name.startsWith("--") ? "=" : "+";
            String value = takesValue ? ":" + option.paramLabel() + ":" + action(option) : "";
            String repeat = option.isMultiValue() ? "*" : "";
            specifications.add(quote(repeat + name + separator + "[" + summary + "]" + value));
        }
        return specifications;
    }

    private static String action(OptionSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        return candidates == null ? action(option.paramLabel()) : "(" + String.join(" ", candidates) + ")";
    }

    private static String action(String label) {
        return switch (label) {
            case "FILE", "PATH", "MAIL" -> "_files";
            default -> " ";
        };
    }

    private static String summary(CommandSpec command) {
        return summary(String.join(" ", command.usageMessage().description()));
    }

    private static String summary(String description) {
        int end = description.indexOf(". ");
        String first = end < 0 ? description : description.substring(0, end);
        return first.replaceAll("\\.$", "")
                .replace(":", "\\:")
                .replace("[", "(")
                .replace("]", ")");
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
