package org.tokend.tokenctl.documentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command, in the man macros (man(7), groff_man(7)). */
final class ManualPage {

    private static final List<Map.Entry<String, String>> ENVIRONMENT = List.of(
            Map.entry("TOKEND_SOCKET", "tokend's socket, where --socket is not given."),
            Map.entry("TMPDIR", "Where large contents wait, in files without a name. Otherwise /tmp."),
            Map.entry("NO_COLOR", "When set, nothing is coloured."));

    private final CommandSpec command;
    private final String version;
    private final StringBuilder page = new StringBuilder();

    ManualPage(CommandSpec command, String version) {
        this.command = command;
        this.version = version;
    }

    /** As git and systemd name theirs: {@code tokenctl-smime-sign}. */
    String name() {
        return command.qualifiedName("-");
    }

    String troff() {
        page.setLength(0);
        line(".TH \"" + name().toUpperCase(Locale.ROOT).replace("-", "\\-") + "\" 1 \"\" \"" + escape(version)
                + "\" \"Token Daemon\"");
        section("NAME");
        text(name() + " - " + firstSentence());
        section("SYNOPSIS");
        synopsis();
        section("DESCRIPTION");
        text(description());
        arguments();
        commands();
        exitStatus();
        section("ENVIRONMENT");
        ENVIRONMENT.forEach(each -> tagged("\\fB" + escape(each.getKey()) + "\\fR", each.getValue()));
        seeAlso();
        return page.toString();
    }

    private String description() {
        return String.join(" ", command.usageMessage().description());
    }

    private String firstSentence() {
        String whole = description();
        int end = whole.indexOf(". ");
        String first = end < 0 ? whole : whole.substring(0, end);
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    private void synopsis() {
        StringBuilder synopsis = new StringBuilder("\\fB" + escape(command.qualifiedName(" ")) + "\\fR");
        for (OptionSpec option : options()) {
            String form = "\\fB" + escape(option.longestName()) + "\\fR" + value(option, "=");
            synopsis.append(option.required() ? " " + form : " [" + form + "]");
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String form = "\\fI" + escape(parameter.paramLabel()) + "\\fR";
            synopsis.append(parameter.arity().min() > 0 ? " " + form : " [" + form + "]");
        }
        if (!command.subcommands().isEmpty()) {
            synopsis.append(" \\fICOMMAND\\fR");
        }
        line(synopsis.toString());
    }

    private List<OptionSpec> options() {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    private void arguments() {
        section("OPTIONS");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            tagged("\\fI" + escape(parameter.paramLabel()) + "\\fR", description(parameter));
        }
        for (OptionSpec option : options()) {
            List<String> names = new ArrayList<>();
            for (String name : option.names()) {
                names.add("\\fB" + escape(name) + "\\fR");
            }
            tagged(
                    String.join(", ", names) + value(option, option.names().length > 1 ? " " : "="),
                    description(option));
        }
    }

    private static String value(OptionSpec option, String separator) {
        return option.arity().max() == 0 ? "" : separator + "\\fI" + escape(option.paramLabel()) + "\\fR";
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description());
    }

    private void commands() {
        if (command.subcommands().isEmpty()) {
            return;
        }
        section("COMMANDS");
        for (CommandLine each : command.subcommands().values()) {
            CommandSpec subcommand = each.getCommandSpec();
            tagged(
                    "\\fB" + escape(subcommand.qualifiedName("-")) + "\\fR(1)",
                    String.join(" ", subcommand.usageMessage().description()));
        }
    }

    private void exitStatus() {
        section("EXIT STATUS");
        for (ExitStatus status : ExitStatus.values()) {
            tagged("\\fB" + status.code() + "\\fR", status.meaning());
        }
    }

    private void seeAlso() {
        section("SEE ALSO");
        List<String> others = new ArrayList<>();
        CommandSpec parent = command.parent();
        if (parent != null) {
            others.add("\\fB" + escape(parent.qualifiedName("-")) + "\\fR(1)");
            parent.subcommands().values().stream()
                    .map(CommandLine::getCommandSpec)
                    .filter(sibling -> sibling != command)
                    .forEach(sibling -> others.add("\\fB" + escape(sibling.qualifiedName("-")) + "\\fR(1)"));
        }
        others.add("\\fBopenssl\\-cms\\fR(1ssl)");
        line(String.join(", ", others));
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void tagged(String tag, String text) {
        line(".TP");
        line(tag);
        text(text);
    }

    private void text(String text) {
        String escaped = escape(text.replace("%n", " ").replace("%%", "%"));
        line(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped);
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private static String escape(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
