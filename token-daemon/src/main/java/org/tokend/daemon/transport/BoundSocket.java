package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SelectableChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket on a path that is ours. A stale one is replaced; a live one, a link, another's file or socket is refused. It is
 * bound under another name and renamed, so that nobody ever finds a socket that does not answer or has too many rights.
 */
public final class BoundSocket implements ListeningSocket {
    /** sun_path without its NUL (unix(7)). */
    private static final int MAX_PATH_BYTES = 107;

    private static final int FILE_TYPE = 0_170000;
    private static final int SOCKET_TYPE = 0_140000;
    private static final int BACKLOG = 1024;

    private final Path path;
    private final FileChannel lock;
    private final UnixServerSocketChannel channel;
    private final Object fileKey;

    private BoundSocket(Path path, FileChannel lock, UnixServerSocketChannel channel, Object fileKey) {
        this.path = path;
        this.lock = lock;
        this.channel = channel;
        this.fileKey = fileKey;
    }

    /**
     * @param group whose members may connect (mode 0660), or null for ourselves only (0600)
     * @throws SocketProblem when the path must not be used
     */
    public static BoundSocket bind(Path path, int ownUid, @Nullable String group) throws IOException {
        return bind(path, ownUid, group, "--socket");
    }

    /** @param option with which another path can be named */
    public static BoundSocket bind(Path path, int ownUid, @Nullable String group, String option) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        if (directory == null || absolute.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new SocketProblem("the socket's path " + absolute + " is longer than the " + MAX_PATH_BYTES
                    + " bytes that Unix sockets allow; name a shorter one with " + option);
        }
        SocketDirectory.prepare(directory, ownUid, option);
        FileChannel lock = lock(absolute, option);
        try {
            refuseSquatters(absolute, ownUid, option);
            return bindAndRename(absolute, lock, group);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path path, String option) throws IOException {
        Path file = path.resolveSibling(path.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new SocketProblem(
                    "another tokend (pid " + Files.readString(file).trim() + ") already serves " + path
                            + "; stop it, or name another socket with " + option);
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static void refuseSquatters(Path path, int ownUid, String option) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE) != SOCKET_TYPE) {
            throw new SocketProblem(path + " is not a socket; remove it, or name another socket with " + option);
        }
        int owner = (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != ownUid) {
            throw new SocketProblem("the socket " + path + " belongs to uid " + owner + ", not to uid " + ownUid
                    + "; remove it, or name another socket with " + option);
        }
        if (answers(path)) {
            throw new SocketProblem("another program listens on " + path + "; end it (ss -xlp shows which), "
                    + "or name another socket with " + option);
        }
    }

    private static boolean answers(Path path) {
        try (UnixSocketChannel probe = UnixSocketChannel.open(new UnixSocketAddress(path.toFile()))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static BoundSocket bindAndRename(Path path, FileChannel lock, @Nullable String group) throws IOException {
        Path hidden = path.resolveSibling("." + ProcessHandle.current().pid());
        Files.deleteIfExists(hidden);
        UnixServerSocketChannel channel = UnixServerSocketChannel.open();
        try {
            channel.socket().bind(new UnixSocketAddress(hidden.toFile()), BACKLOG);
            setRights(hidden, group);
            Object fileKey = fileKey(hidden);
            Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new BoundSocket(path, lock, channel, fileKey);
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(hidden);
            throw e;
        }
    }

    private static void setRights(Path file, @Nullable String group) throws IOException {
        if (group == null) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return;
        }
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        GroupPrincipal principal =
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        view.setGroup(principal);
        view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether the path still leads to this socket, and not to nothing or to somebody else's. */
    public boolean isInPlace() {
        try {
            return fileKey.equals(fileKey(path));
        } catch (IOException e) {
            return false;
        }
    }

    /** The numeric group of the socket's file. */
    public int group() throws IOException {
        return (Integer) Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public @Nullable UnixSocketChannel accept() throws IOException {
        return channel.accept();
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public void hide() {
        try {
            if (isInPlace()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // A socket file that stays behind is replaced at the next start.
        }
    }

    @Override
    public void close() {
        hide();
        try (lock) {
            channel.close();
        } catch (IOException e) {
            // A socket file that stays behind is replaced at the next start.
        }
    }
}
