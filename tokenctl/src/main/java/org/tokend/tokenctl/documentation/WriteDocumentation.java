package org.tokend.tokenctl.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tokend.tokenctl.command.RootCommand;
import org.tokend.tokenctl.output.Environment;
import picocli.AutoComplete;
import picocli.CommandLine;

/** {@code WriteDocumentation MAN-DIRECTORY COMPLETION-DIRECTORY}, called by the build. */
public final class WriteDocumentation {

    private WriteDocumentation() {}

    public static void main(String[] arguments) throws IOException {
        CommandLine root = RootCommand.commandLine(Environment.ofProcess());
        Path manuals = Files.createDirectories(Path.of(arguments[0]));
        writeManuals(root, root.getCommandSpec().version()[0], manuals);
        Path completion = Files.createDirectories(Path.of(arguments[1]));
        Files.writeString(completion.resolve("tokenctl.bash"), AutoComplete.bash("tokenctl", root));
        Files.writeString(completion.resolve("_tokenctl"), new ZshCompletion(root.getCommandSpec()).text());
    }

    private static void writeManuals(CommandLine command, String version, Path directory) throws IOException {
        ManualPage page = new ManualPage(command.getCommandSpec(), version);
        Files.writeString(directory.resolve(page.name() + ".1"), page.troff());
        for (CommandLine subcommand : command.getSubcommands().values()) {
            writeManuals(subcommand, version, directory);
        }
    }
}
