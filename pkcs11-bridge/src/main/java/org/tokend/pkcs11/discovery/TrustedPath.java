package org.tokend.pkcs11.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Whether nobody but root and we can change what stands at a path. Code is loaded from there, so each directory and each
 * symbolic link on the way counts as much as the file itself.
 */
public final class TrustedPath {
    private static final int ROOT = 0;
    private static final int GROUP_OR_OTHERS_MAY_WRITE = 0_022;
    private static final int STICKY = 0_1000;
    private static final int PERMISSIONS = 0_7777;
    private static final int MOST_LINKS = 40;
    private static final String EXISTING = "write the path of an existing file";

    private final int uid;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private Path reached = Path.of("/");
    private int links;

    private TrustedPath(int uid) {
        this.uid = uid;
    }

    /** @param problem what is wrong, @param remedy what to do */
    public record Doubt(String problem, String remedy) {
        static Optional<Doubt> of(String problem, String remedy) {
            return Optional.of(new Doubt(problem, remedy));
        }

        @Override
        public String toString() {
            return problem + ": " + remedy;
        }
    }

    /**
     * @param uid who we are
     * @return one sentence that says what is wrong and what to do; empty when the file can be trusted
     */
    public static Optional<String> problem(Path file, int uid) {
        return doubt(file, uid).map(Doubt::toString);
    }

    /** The same in two parts. */
    public static Optional<Doubt> doubt(Path file, int uid) {
        if (!file.isAbsolute()) {
            return Doubt.of(file + " is a relative path", "write the whole path");
        }
        try {
            return new TrustedPath(uid).follow(file);
        } catch (NoSuchFileException e) {
            return Doubt.of(file + " does not exist", EXISTING);
        } catch (IOException e) {
            return Doubt.of(file + " cannot be looked at (" + e.getMessage() + ")", EXISTING);
        }
    }

    private Optional<Doubt> follow(Path file) throws IOException {
        push(file);
        while (!ahead.isEmpty()) {
            Optional<Doubt> doubt = directoryDoubt(file, reached);
            if (doubt.isPresent()) {
                return doubt;
            }
            Path next = ahead.pop();
            if (next.toString().equals("..")) {
                reached = reached.getParent() == null ? reached : reached.getParent();
                continue;
            }
            Path child = reached.resolve(next).normalize();
            if (!Files.isSymbolicLink(child)) {
                reached = child;
                continue;
            }
            if (++links > MOST_LINKS) {
                return Doubt.of(file + " is a circle of symbolic links", EXISTING);
            }
            Path target = Files.readSymbolicLink(child);
            reached = target.isAbsolute() ? Path.of("/") : reached;
            push(target);
        }
        return fileDoubt(file, reached);
    }

    private void push(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            ahead.push(path.getName(i));
        }
    }

    private Optional<Doubt> directoryDoubt(Path file, Path directory) throws IOException {
        int owner = owner(directory);
        if (owner != ROOT && owner != uid) {
            return Doubt.of(
                    file + " can be replaced by uid " + owner + ", who owns " + directory,
                    "move it to a directory of root or uid " + uid);
        }
        int mode = mode(directory);
        // In a sticky directory only the owner of an entry can replace it, and entries are checked as they are reached.
        if ((mode & GROUP_OR_OTHERS_MAY_WRITE) != 0 && (mode & STICKY) == 0) {
            return Doubt.of(
                    file + " can be replaced by those who may write " + directory + " (mode "
                            + Integer.toOctalString(mode) + ")",
                    "run chmod go-w " + directory);
        }
        return Optional.empty();
    }

    private Optional<Doubt> fileDoubt(Path file, Path real) throws IOException {
        int owner = owner(real);
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            return Doubt.of(file + " is not a file", EXISTING);
        }
        if (owner != ROOT && owner != uid) {
            return Doubt.of(file + " belongs to uid " + owner, "run as root chown root " + real);
        }
        int mode = mode(real);
        if ((mode & GROUP_OR_OTHERS_MAY_WRITE) != 0) {
            return Doubt.of(
                    file + " may be written by others (mode " + Integer.toOctalString(mode) + ")",
                    "run chmod go-w " + real);
        }
        return Optional.empty();
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }
}
