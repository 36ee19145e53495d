package org.tokend.daemon.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes a caller of what the kernel says of a process. */
public final class CallerReader {
    private static final Path OWN_USER_NAMESPACE = Path.of("/proc/self/ns/user");

    private final int ownUid;
    private final Front front;

    /** @param front whose callers are read */
    public CallerReader(int ownUid, Front front) {
        this.ownUid = ownUid;
        this.front = front;
    }

    /** @param program path of the executable, read when the program connected */
    public Caller read(int uid, int gid, int pid, String program) {
        return new Caller(uid, gid, pid, program, sandbox(uid, pid), front);
    }

    private Caller.Sandbox sandbox(int uid, int pid) {
        Optional<Path> own = link(OWN_USER_NAMESPACE);
        Optional<Path> theirs = link(Path.of("/proc/" + pid + "/ns/user"));
        if (own.isEmpty() || theirs.isEmpty()) {
            // Another user's process is not ours to look into; that user was let in by name.
            return uid == ownUid ? Caller.Sandbox.UNKNOWN : Caller.Sandbox.NONE;
        }
        boolean confined = !own.equals(theirs) || isFlatpak(pid) || isSnap(pid);
        return confined ? Caller.Sandbox.CONFINED : Caller.Sandbox.NONE;
    }

    private static boolean isFlatpak(int pid) {
        return Files.exists(Path.of("/proc/" + pid + "/root/.flatpak-info"));
    }

    private static boolean isSnap(int pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains("/snap.");
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Path> link(Path path) {
        try {
            return Optional.of(Files.readSymbolicLink(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
