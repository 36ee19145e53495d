package org.tokend.tokenctl.application;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.OutputFile;

/** A directory with the keys, certificates and modules of a program that uses NSS: a profile of Thunderbird, for example. */
public final class NssDatabase {

    /** The name that p11-kit's client module gets in a database. */
    public static final String MODULE_NAME = "tokend";

    private static final String MODULES = "pkcs11.txt";
    private static final String BACKUP = "pkcs11.txt.before-tokend";

    private final Path directory;

    private NssDatabase(Path directory) {
        this.directory = directory;
    }

    /** @throws CommandException when there is none in the directory */
    public static NssDatabase in(Path directory) throws IOException {
        if (!isDatabase(directory)) {
            String found = Files.exists(directory.resolve("cert8.db"))
                    ? " holds an NSS database of the old form (cert8.db), which programs convert when they next start"
                    : " holds no NSS database (cert9.db with pkcs11.txt)";
            throw new CommandException(
                    ExitStatus.NO_INPUT,
                    directory + found + "; name a profile directory, as \"tokenctl doctor apps\" lists them");
        }
        return new NssDatabase(directory.toRealPath());
    }

    public static boolean isDatabase(Path directory) {
        return Files.isRegularFile(directory.resolve("cert9.db")) && Files.isRegularFile(directory.resolve(MODULES));
    }

    public Path directory() {
        return directory;
    }

    public Path backup() {
        return directory.resolve(BACKUP);
    }

    public boolean hasClient() throws IOException {
        return modules().clientName().isPresent();
    }

    /** @return whether anything had to be changed */
    public boolean add(Machine machine, Path client) throws IOException {
        ModuleList before = modules();
        if (before.clientName().isPresent()) {
            return false;
        }
        Optional<String> taken = before.libraryOf(MODULE_NAME);
        if (taken.isPresent()) {
            throw new CommandException(
                    ExitStatus.CANNOT_CREATE,
                    directory + " has another module of the name " + MODULE_NAME + " (" + taken.get()
                            + "); remove it first: modutil -dbdir sql:" + directory + " -delete " + MODULE_NAME);
        }
        prepare();
        Optional<Path> modutil = machine.program("modutil");
        if (modutil.isPresent()) {
            run(modutil.get(), "-add", MODULE_NAME, "-libfile", client.toString());
        } else {
            write(before.with(MODULE_NAME, client.toString()));
        }
        expect(true);
        return true;
    }

    /** @return whether anything had to be changed */
    public boolean remove(Machine machine) throws IOException {
        Optional<String> name = modules().clientName();
        if (name.isEmpty()) {
            return false;
        }
        prepare();
        Optional<Path> modutil = machine.program("modutil");
        if (modutil.isPresent() && !name.get().isEmpty()) {
            run(modutil.get(), "-delete", name.get());
        } else {
            write(modules().withoutClient());
        }
        expect(false);
        return true;
    }

    private ModuleList modules() throws IOException {
        return new ModuleList(Files.readString(directory.resolve(MODULES), StandardCharsets.UTF_8));
    }

    private void prepare() throws IOException {
        Optional<DatabaseUser> user = DatabaseUser.of(directory);
        if (user.isPresent()) {
            throw new CommandException(
                    ExitStatus.TEMPORARY,
                    user.get().description() + " has " + directory
                            + " open and would write its own list of modules over it; end it, then run this again");
        }
        Files.copy(
                directory.resolve(MODULES),
                backup(),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void write(ModuleList modules) throws IOException {
        OutputFile.write(
                directory.resolve(MODULES),
                OutputFile.Access.OWNER_ONLY,
                out -> out.write(modules.text().getBytes(StandardCharsets.UTF_8)));
    }

    private void run(Path modutil, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(modutil.toString(), "-force", "-dbdir", "sql:" + directory);
        builder.command().addAll(java.util.List.of(arguments));
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new CommandException(
                        ExitStatus.IO,
                        "modutil cannot change " + directory + "; it says: "
                                + said.strip().replaceAll("\\s+", " "));
            }
        } catch (InterruptedException interrupted) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new CommandException(ExitStatus.TEMPORARY, "interrupted while modutil changed " + directory);
        }
    }

    /** modutil ends with 0 in some cases in which it has changed nothing. */
    private void expect(boolean there) throws IOException {
        if (hasClient() != there) {
            throw new CommandException(
                    ExitStatus.IO,
                    directory.resolve(MODULES) + " is not as it should be now; what it was is in " + backup());
        }
    }
}
