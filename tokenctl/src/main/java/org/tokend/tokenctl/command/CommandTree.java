package org.tokend.tokenctl.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/**
 * Makes the commands that are needed. There are half a hundred, and the model of each takes milliseconds, as long as all the
 * rest of a short command: of a group whose member the command line names, only that one is made.
 *
 * @param arguments of the command line; none to make all commands
 */
record CommandTree(IFactory factory, List<String> arguments) {

    CommandTree {
        // Help describes the commands that were not named, too.
        arguments = asks(arguments, "--help", 'h') ? List.of() : List.copyOf(arguments);
    }

    /** A short option may stand in a cluster. */
    private static boolean asks(List<String> arguments, String name, char letter) {
        return arguments.stream()
                .anyMatch(each -> each.equals(name)
                        || (each.startsWith("-") && !each.startsWith("--") && each.indexOf(letter) > 0));
    }

    /** @param command which may be a group, whose members may be groups */
    CommandLine of(Object command) {
        CommandLine line = new CommandLine(command, factory);
        if (arguments.isEmpty() || asksForVersion()) {
            // Members ask for it when they are made, and it is read from a file.
            line.getCommandSpec().versionProvider(new Version());
        }
        addMembers(command.getClass(), line);
        return line;
    }

    private boolean asksForVersion() {
        return asks(arguments, "--version", 'V');
    }

    private void addMembers(Class<?> type, CommandLine line) {
        Members members = type.getAnnotation(Members.class);
        if (members == null) {
            return;
        }
        for (Class<?> each : needed(members.value())) {
            CommandLine member = new CommandLine(each, factory);
            line.addSubcommand(member);
            addMembers(each, member);
        }
    }

    private List<Class<?>> needed(Class<?>[] members) {
        List<Class<?>> named = new ArrayList<>();
        for (Class<?> each : members) {
            Command command = each.getAnnotation(Command.class);
            if (command == null || arguments.contains(command.name())) {
                named.add(each);
            }
        }
        return named.isEmpty() && !asksForVersion() ? List.of(members) : named;
    }
}
