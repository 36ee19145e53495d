package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.tokenctl.application.Machine;
import org.tokend.tokenctl.application.NssDatabase;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "nss",
        description =
                "Adds p11-kit's client module to the NSS database of Thunderbird, Firefox, Evolution or another program,"
                        + " so that it finds your tokens. The program must have ended. What was there is kept beside it as"
                        + " pkcs11.txt.before-tokend. Done twice, it changes nothing.")
final class SetupNssCommand implements Callable<Integer> {

    private final RootCommand root;

    @Option(
            names = "--profile",
            required = true,
            paramLabel = "DIR",
            description =
                    "The directory with cert9.db and pkcs11.txt; \"tokenctl doctor apps\" lists those that it finds.")
    private Path profile = Path.of("");

    @Option(
            names = "--module",
            paramLabel = "FILE",
            description = "The library to add. Otherwise p11-kit-client.so where this system has it.")
    private @Nullable Path module;

    @Option(names = "--remove", description = "Take the module out again.")
    private boolean remove;

    SetupNssCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.of(root.environment().variables());
        NssDatabase database = NssDatabase.in(profile);
        boolean changed = remove ? database.remove(machine) : database.add(machine, library(machine));
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("profile", database.directory().toString());
                json.writeBooleanField("installed", !remove);
                json.writeBooleanField("changed", changed);
                json.writeStringField("backup", changed ? database.backup().toString() : null);
            });
        } else {
            root.environment().err().println(Safe.text(told(database, changed)));
        }
        return ExitStatus.OK.code();
    }

    private String told(NssDatabase database, boolean changed) {
        String directory = database.directory().toString();
        if (!changed) {
            return remove
                    ? directory + " does not load p11-kit-client.so; nothing was changed."
                    : directory + " loads p11-kit-client.so already; nothing was changed.";
        }
        return (remove ? "p11-kit-client.so is taken out of " : "p11-kit-client.so is now loaded from ") + directory
                + "; what was there before is in " + database.backup() + ".";
    }

    private Path library(Machine machine) {
        Path named = module;
        if (named == null) {
            return machine.clientModule()
                    .orElseThrow(
                            () -> new CommandException(
                                    ExitStatus.CONFIGURATION,
                                    "p11-kit-client.so is not installed; apt-get install p11-kit-modules, or name it with --module"));
        }
        Path library = named.toAbsolutePath().normalize();
        if (!Machine.isClientModule(library.toString()) || !java.nio.file.Files.isReadable(library)) {
            throw new CommandException(
                    ExitStatus.NO_INPUT, library + " is no p11-kit-client.so that can be read; name it with --module");
        }
        return library;
    }
}
