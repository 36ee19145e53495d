package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The directory of a socket: made by us with mode 0700, or found in a state that nobody else can put a socket in. */
final class SocketDirectory {
    private static final int ROOT = 0;
    private static final int GROUP_OR_OTHERS_MAY_WRITE = 0_022;

    private SocketDirectory() {}

    static void prepare(Path directory, int ownUid, String option) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
            try {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
            } catch (IOException e) {
                throw new SocketProblem("the socket's directory " + directory + " cannot be made (" + e.getMessage()
                        + "); make it, or name another socket with " + option);
            }
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new SocketProblem(directory + " is not a directory but stands where the socket's directory should; "
                    + "remove it, or name another socket with " + option);
        }
        int owner = (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != ownUid && owner != ROOT) {
            throw new SocketProblem("the socket's directory " + directory + " belongs to uid " + owner + ", not to uid "
                    + ownUid + "; remove it, or name another socket with " + option);
        }
        int mode = (Integer) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & GROUP_OR_OTHERS_MAY_WRITE) != 0) {
            throw new SocketProblem("others may write the socket's directory " + directory
                    + " and could put a socket of their own there; run: chmod go-w " + directory);
        }
    }
}
