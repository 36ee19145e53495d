package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.Spool;
import org.tokend.smime.mime.Source;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;

/** The file that a command reads, or standard input. */
final class Input {

    private final @Nullable Path file;
    private final Environment environment;

    private Input(@Nullable Path file, Environment environment) {
        this.file = file;
        this.environment = environment;
    }

    /** @param name null or {@code -} for standard input */
    static Input of(@Nullable Path name, Environment environment) {
        if (name == null || name.toString().equals("-")) {
            return new Input(null, environment);
        }
        if (Files.isDirectory(name)) {
            throw new CommandException(ExitStatus.NO_INPUT, name + " is a directory, and a file is wanted");
        }
        return new Input(name, environment);
    }

    InputStream open() throws IOException {
        Path path = file;
        if (path == null) {
            return environment.in();
        }
        try {
            return Source.of(path).open();
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitStatus.NO_INPUT, "cannot read " + path + ": it does not exist");
        } catch (AccessDeniedException e) {
            throw new CommandException(ExitStatus.NO_INPUT, "cannot read " + path + ": no permission");
        }
    }

    /** A pipe is put aside first, a file is read where it is. */
    Reopened reopened() throws IOException {
        Path path = file;
        if (path != null && Files.isRegularFile(path)) {
            return new Reopened(this::open, null);
        }
        try (InputStream in = open()) {
            Spool spool = Spool.of(in, environment.temporaryDirectory());
            return new Reopened(spool, spool);
        }
    }

    /** An input that can be read more than once. */
    record Reopened(Source source, @Nullable Spool spool) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (spool != null) {
                spool.close();
            }
        }
    }
}
