package org.tokend.tokenctl.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** A file that appears under its name when all of it is there, and not before. */
public final class OutputFile {

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Who may read the file. */
    public enum Access {
        /** What the umask leaves. */
        USUAL("rw-rw-rw-"),
        OWNER_ONLY("rw-------");

        private final String permissions;

        Access(String permissions) {
            this.permissions = permissions;
        }

        private FileAttribute<?> attribute() {
            return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        }
    }

    private OutputFile() {}

    public static void write(Path target, Access access, Content content) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            // A device or a pipe is written to, never replaced.
            try (OutputStream out = Files.newOutputStream(target)) {
                content.writeTo(out);
            }
            return;
        }
        Path real = Files.isSymbolicLink(target) ? target.toRealPath() : target.toAbsolutePath();
        Path temporary = real.resolveSibling("." + real.getFileName() + "." + UUID.randomUUID() + ".tmp");
        OutputStream created = create(temporary, target, access);
        boolean done = false;
        try {
            try (OutputStream out = created) {
                content.writeTo(out);
            }
            Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** Opened once: a file that is opened again to be emptied is one that ext4 writes to disk when it is closed. */
    private static OutputStream create(Path temporary, Path target, Access access) throws IOException {
        try {
            return Channels.newOutputStream(Files.newByteChannel(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), access.attribute()));
        } catch (NoSuchFileException e) {
            throw new CommandException(
                    ExitStatus.CANNOT_CREATE, "cannot write " + target + ": its directory does not exist");
        } catch (AccessDeniedException e) {
            throw new CommandException(
                    ExitStatus.CANNOT_CREATE,
                    "cannot write " + target + ": no permission to create files in its directory");
        }
    }
}
