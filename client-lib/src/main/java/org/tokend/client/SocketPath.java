package org.tokend.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where tokend's socket is, and whether what is there may be trusted. */
public final class SocketPath {
    /** Where a tokend that serves a whole machine listens. */
    public static final Path SYSTEM = Path.of("/run/tokend/tokend.sock");

    /** Of 108 bytes in sockaddr_un.sun_path the last is a NUL (unix(7)). */
    private static final int LONGEST = 107;

    private static final int OTHERS_MAY_WRITE = 0022;

    private SocketPath() {}

    /** The socket for this process; see {@link #find(String, Map)}. */
    public static Path find(@Nullable String option) {
        return find(option, System.getenv());
    }

    /**
     * The first of: the option, {@code TOKEND_SOCKET}, {@code $XDG_RUNTIME_DIR/tokend/tokend.sock}, {@link #SYSTEM}. Of the
     * last two the one that exists, so that a person's own tokend goes before the machine's.
     *
     * @param option what the caller was told, or null
     */
    public static Path find(@Nullable String option, Map<String, String> environment) {
        if (option != null && !option.isEmpty()) {
            return Path.of(option).toAbsolutePath();
        }
        String named = environment.getOrDefault("TOKEND_SOCKET", "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath();
        }
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (runtime.isEmpty()) {
            return SYSTEM;
        }
        Path own = Path.of(runtime, "tokend", "tokend.sock").toAbsolutePath();
        return !Files.exists(own) && Files.exists(SYSTEM) ? SYSTEM : own;
    }

    /**
     * Refuses a socket that somebody else may have put there: who answers in tokend's place is shown what is to be signed and
     * decrypted. The JDK names the peer of a connection but not its uid, so it is the socket and its directory that must
     * belong to this user or to root.
     *
     * @throws TokenClientException.NotRunning there is no such socket, or it is not to be trusted
     */
    static void check(Path socket) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new TokenClientException.NotRunning("The socket path " + socket + " has " + length
                    + " bytes, but a Unix socket's path has at most " + LONGEST
                    + "; choose a shorter one with TOKEND_SOCKET or --socket, for the daemon and its clients");
        }
        try {
            Path directory = Objects.requireNonNullElse(socket.toAbsolutePath().getParent(), socket)
                    .toRealPath();
            int own = ownUid();
            if (directory.equals(SYSTEM.getParent())) {
                // Only root can have made it; which user the service runs as is root's business.
                return;
            }
            checkOwner(directory, "directory", own);
            checkOwner(socket, "socket", own);
            int mode = (int) Files.getAttribute(directory, "unix:mode");
            if ((mode & OTHERS_MAY_WRITE) != 0) {
                throw new TokenClientException.NotRunning("Others may write to " + directory
                        + ", so anybody may have put the socket there; use a directory of mode 0700");
            }
        } catch (NoSuchFileException e) {
            throw notRunning(socket, e);
        } catch (IOException e) {
            throw new TokenClientException.NotRunning(
                    "The socket " + socket + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    static TokenClientException.NotRunning notRunning(Path socket, IOException cause) {
        return new TokenClientException.NotRunning(
                "tokend is not running: nobody listens on " + socket
                        + "; start it with \"systemctl --user start tokend\" "
                        + "or \"tokend\", or name another socket with TOKEND_SOCKET",
                cause);
    }

    private static void checkOwner(Path path, String what, int own) throws IOException {
        int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != own && owner != 0) {
            throw new TokenClientException.NotRunning("The " + what + " " + path + " belongs to uid " + owner
                    + ", neither to this user nor to root, so it is not this user's tokend; nothing was sent to it");
        }
    }

    /** /proc/self itself belongs to root when this process is not dumpable, so its status is read instead. */
    private static int ownUid() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
        for (String line : status) {
            if (line.startsWith("Uid:")) {
                return Integer.parseUnsignedInt(line.split("\\s+")[2]);
            }
        }
        throw new IOException("/proc/self/status has no Uid line");
    }
}
