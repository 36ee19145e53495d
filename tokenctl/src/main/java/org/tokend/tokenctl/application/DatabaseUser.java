package org.tokend.tokenctl.application;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The program that has an NSS database open now. It would write its own list of modules over ours when it ends. A program of
 * another user is not seen by its files, but Mozilla's programs still by their lock.
 */
record DatabaseUser(String description) {

    private static final Set<String> FILES = Set.of("cert9.db", "key4.db", "pkcs11.txt");

    static Optional<DatabaseUser> of(Path database) {
        return openFiles(database).or(() -> mozillaLock(database));
    }

    private static Optional<DatabaseUser> openFiles(Path database) {
        List<Path> files = FILES.stream().map(database::resolve).toList();
        return Machine.directories(Path.of("/proc")).stream()
                .filter(process ->
                        Character.isDigit(process.getFileName().toString().charAt(0)))
                .filter(process -> hasOpen(process, files))
                .map(process -> new DatabaseUser(name(process) + " (pid " + process.getFileName() + ")"))
                .findFirst();
    }

    private static boolean hasOpen(Path process, List<Path> files) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return files.contains(Files.readSymbolicLink(descriptor));
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (IOException endedOrAnotherUsers) {
            return false;
        }
    }

    private static String name(Path process) {
        return Machine.lines(process.resolve("comm")).stream().findFirst().orElse("a program");
    }

    /** Firefox and Thunderbird hold a lock of fcntl(2) on this file while they use the profile. */
    private static Optional<DatabaseUser> mozillaLock(Path database) {
        Path file = database.resolve(".parentlock");
        if (!Files.isWritable(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null ? Optional.of(new DatabaseUser("Firefox or Thunderbird")) : Optional.empty();
        } catch (OverlappingFileLockException | IOException locked) {
            return Optional.of(new DatabaseUser("Firefox or Thunderbird"));
        }
    }
}
