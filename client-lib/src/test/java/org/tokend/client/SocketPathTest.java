package org.tokend.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPathTest {
    private static final int NOBODY = 65534;

    @TempDir
    private Path directory;

    @Test
    @DisplayName("The option goes before TOKEND_SOCKET, and that before the runtime directory")
    void order() throws IOException {
        Map<String, String> all = Map.of("TOKEND_SOCKET", "/env.sock", "XDG_RUNTIME_DIR", directory.toString());
        assertThat(SocketPath.find("/option.sock", all)).isEqualTo(Path.of("/option.sock"));
        assertThat(SocketPath.find(null, all)).isEqualTo(Path.of("/env.sock"));
        assertThat(SocketPath.find("", all)).isEqualTo(Path.of("/env.sock"));

        Path own = directory.resolve("tokend/tokend.sock");
        Files.createDirectories(own.getParent());
        Files.createFile(own);
        assertThat(SocketPath.find(null, Map.of("XDG_RUNTIME_DIR", directory.toString())))
                .isEqualTo(own);
        assertThat(SocketPath.find(null, Map.of())).isEqualTo(SocketPath.SYSTEM);
    }

    @Test
    @DisplayName("A path that no Unix socket can have is refused with a word on what to do")
    void tooLong() {
        assertThatThrownBy(() -> SocketPath.check(directory.resolve("x".repeat(107))))
                .isInstanceOf(TokenClientException.NotRunning.class)
                .hasMessageContainingAll("at most 107", "choose a shorter one");
    }

    @Test
    @DisplayName("A socket of another user, or in another user's directory, is refused; root's is not")
    void owners() throws IOException {
        Path socket = Files.createFile(directory.resolve("s"));
        assertThatCode(() -> SocketPath.check(socket)).doesNotThrowAnyException();
        // Only root can give a file away; CI is root.
        assumeTrue((int) Files.getAttribute(directory, "unix:uid") == 0);
        Files.setAttribute(socket, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> SocketPath.check(socket))
                .isInstanceOf(TokenClientException.NotRunning.class)
                .hasMessageContainingAll("socket " + socket + " belongs to uid 65534", "nothing was sent");

        Files.setAttribute(socket, "unix:uid", 0);
        Files.setAttribute(directory, "unix:uid", NOBODY);
        try {
            assertThatThrownBy(() -> SocketPath.check(socket)).hasMessageContaining("directory " + directory);
        } finally {
            Files.setAttribute(directory, "unix:uid", 0);
        }
    }

    @Test
    @DisplayName("A socket where others may write, such as /tmp, is refused")
    void writable() throws IOException {
        Path socket = Files.createFile(directory.resolve("s"));
        for (String mode : new String[] {"rwxrwx---", "rwx----w-"}) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> SocketPath.check(socket)).hasMessageContaining("Others may write to " + directory);
        }
    }

    @Test
    @DisplayName("A directory that is a link is judged by where it leads")
    void link() throws IOException {
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createFile(real.resolve("s"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> SocketPath.check(link.resolve("s")))
                .hasMessageContaining("Others may write to " + real);
    }
}
