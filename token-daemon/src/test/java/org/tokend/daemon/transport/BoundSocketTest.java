package org.tokend.daemon.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.config.OwnUser;

class BoundSocketTest {
    private static final int UID = OwnUser.uid();

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("run/tokend.sock");
    }

    private void prepareDirectory() throws IOException {
        Files.createDirectory(
                directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    @DisplayName("The directory is made with mode 0700, the socket with 0600, and it goes when closed")
    void rights() throws IOException {
        try (BoundSocket socket = BoundSocket.bind(path, UID, null)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("run"))))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(socket.isInPlace()).isTrue();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    @DisplayName("A socket that a killed daemon left behind is replaced")
    void stale() throws IOException {
        prepareDirectory();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (BoundSocket socket = BoundSocket.bind(path, UID, null)) {
            assertThat(socket.isInPlace()).isTrue();
        }
    }

    @Test
    @DisplayName("A second daemon on the same path is told who has it")
    void second() throws IOException {
        try (BoundSocket first = BoundSocket.bind(path, UID, null)) {
            assertThatThrownBy(() -> BoundSocket.bind(path, UID, null)).isInstanceOf(Exception.class);
            assertThat(first.isInPlace()).isTrue();
        }
    }

    @Test
    @DisplayName("A socket that somebody listens on is left alone")
    void live() throws IOException {
        prepareDirectory();
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> BoundSocket.bind(path, UID, null))
                    .isInstanceOf(SocketProblem.class)
                    .hasMessageContaining("another program listens on " + path);
            assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        }
    }

    @Test
    @DisplayName("A file, a link or a directory in the socket's place is left alone")
    void squatters() throws IOException {
        prepareDirectory();
        Files.createFile(path);
        assertThatThrownBy(() -> BoundSocket.bind(path, UID, null)).hasMessageContaining("is not a socket");
        Files.delete(path);
        Files.createSymbolicLink(path, directory.resolve("elsewhere"));
        assertThatThrownBy(() -> BoundSocket.bind(path, UID, null)).hasMessageContaining("is not a socket");
        assertThat(Files.isSymbolicLink(path)).isTrue();
        Files.delete(path);
        Files.createDirectory(path);
        assertThatThrownBy(() -> BoundSocket.bind(path, UID, null)).hasMessageContaining("is not a socket");
    }

    @Test
    @DisplayName("A directory that is a link, or that others may write, is refused")
    void directory() throws IOException {
        prepareDirectory();
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("run"));
        assertThatThrownBy(() -> BoundSocket.bind(link.resolve("s"), UID, null))
                .hasMessageContaining("is not a directory");
        Files.setPosixFilePermissions(directory.resolve("run"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> BoundSocket.bind(path, UID, null))
                .hasMessageContaining("chmod go-w " + directory.resolve("run"));
    }

    @Test
    @DisplayName("A path longer than Unix sockets allow is told as such")
    void tooLong() {
        assertThatThrownBy(() -> BoundSocket.bind(directory.resolve("x".repeat(120)), UID, null))
                .isInstanceOf(SocketProblem.class)
                .hasMessageContaining("longer than the 107 bytes");
    }
}
