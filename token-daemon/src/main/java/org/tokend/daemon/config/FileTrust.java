package org.tokend.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tokend.pkcs11.discovery.TrustedPath;

/** Whether a file says what its rightful owner wants: owned by root or us, and nobody else may write it or replace it. */
public final class FileTrust {
    private static final int ROOT = 0;
    private static final int GROUP_OR_OTHERS_MAY_WRITE = 0_022;
    private static final int OTHERS_MAY_WRITE = 0_002;
    private static final int STICKY = 0_1000;
    private static final int PERMISSIONS = 0_7777;

    private final int uid;

    /** @param uid who we are */
    public FileTrust(int uid) {
        this.uid = uid;
    }

    /** @param problem what is wrong, @param remedy what to do */
    public record Doubt(String problem, String remedy) {}

    /** Reads a regular file's rights; symbolic links are followed first, and the directories on the way are looked at too. */
    public Optional<Doubt> doubt(Path path) {
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException e) {
            return Optional.of(new Doubt(
                    path + " does not exist or cannot be reached by uid " + uid,
                    "write the path of an existing file, or make it readable"));
        }
        if (!Files.isRegularFile(real)) {
            return Optional.of(new Doubt(path + " is not a file", "name a file, not a directory or device"));
        }
        if (!Files.isReadable(real)) {
            return Optional.of(new Doubt(
                    path + " cannot be read by uid " + uid, "run: chmod a+r " + real + " (or change its owner)"));
        }
        return fileDoubt(path, real).or(() -> directoryDoubt(real));
    }

    /** The same for code, where the group and each symbolic link on the way count as well. */
    Optional<Doubt> doubtAboutCode(Path path) {
        return doubt(path)
                .or(() -> TrustedPath.doubt(path, uid).map(found -> new Doubt(found.problem(), found.remedy())));
    }

    private Optional<Doubt> fileDoubt(Path path, Path real) {
        Rights rights = Rights.of(real);
        if (rights.owner != ROOT && rights.owner != uid) {
            return Optional.of(new Doubt(
                    path + " belongs to uid " + rights.owner + ", not to root or uid " + uid,
                    "run as root: chown root " + real));
        }
        if ((rights.mode & GROUP_OR_OTHERS_MAY_WRITE) != 0) {
            return Optional.of(new Doubt(
                    path + " may be written by others (mode " + Integer.toOctalString(rights.mode) + ")",
                    "run: chmod go-w " + real));
        }
        return Optional.empty();
    }

    private Optional<Doubt> directoryDoubt(Path real) {
        for (Path directory = real.getParent(); directory != null; directory = directory.getParent()) {
            Rights rights = Rights.of(directory);
            boolean othersMayReplace = (rights.mode & OTHERS_MAY_WRITE) != 0 && (rights.mode & STICKY) == 0;
            if (othersMayReplace) {
                return Optional.of(new Doubt(
                        real + " may be replaced by others, who may write " + directory,
                        "run: chmod o-w " + directory));
            }
            if (rights.owner != ROOT && rights.owner != uid) {
                return Optional.of(new Doubt(
                        real + " may be replaced by uid " + rights.owner + ", who owns " + directory,
                        "move it to a directory of root or uid " + uid));
            }
        }
        return Optional.empty();
    }

    private record Rights(int owner, int mode) {
        static Rights of(Path path) {
            try {
                int owner = (Integer) Files.getAttribute(path, "unix:uid");
                int mode = (Integer) Files.getAttribute(path, "unix:mode");
                return new Rights(owner, mode & PERMISSIONS);
            } catch (IOException e) {
                // Not to be seen is not to be trusted: as if anybody could write it.
                return new Rights(-1, PERMISSIONS);
            }
        }
    }
}
