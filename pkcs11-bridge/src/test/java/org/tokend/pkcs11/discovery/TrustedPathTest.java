package org.tokend.pkcs11.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The path of a module")
class TrustedPathTest {
    @TempDir
    Path directory;

    private Path lib;
    private Path module;
    private int uid;

    @BeforeEach
    void createModule() throws IOException {
        directory = directory.toRealPath();
        lib = Files.createDirectory(directory.resolve("lib"));
        module = Files.writeString(lib.resolve("module.so"), "code");
        mode(lib, "rwxr-xr-x");
        mode(module, "rw-r--r--");
        uid = OwnUid.get();
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @DisplayName(
            "is trusted when file and directories are ours and nobody else may write them, /tmp's sticky bit counted")
    @Test
    void trusted() {
        assertThat(TrustedPath.problem(module, uid)).isEmpty();
        assertThat(TrustedPath.problem(directory.resolve("lib/../lib/./module.so"), uid))
                .isEmpty();
    }

    @DisplayName("is trusted through a symbolic link of ours, relative or absolute")
    @Test
    void links() throws IOException {
        Path relative = Files.createSymbolicLink(directory.resolve("relative.so"), Path.of("lib/module.so"));
        Path absolute = Files.createSymbolicLink(directory.resolve("absolute.so"), relative);
        assertThat(TrustedPath.problem(absolute, uid)).isEmpty();
    }

    @DisplayName("is refused when others may write the file")
    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-", "rwxrwxrwx"})
    void writableFile(String mode) throws IOException {
        mode(module, mode);
        assertThat(TrustedPath.problem(module, uid))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("may be written by others")
                        .contains("run chmod go-w " + module));
    }

    @DisplayName("is refused when others may write a directory on the way")
    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx"})
    void writableDirectory(String mode) throws IOException {
        mode(java.util.Objects.requireNonNull(lib), mode);
        assertThat(TrustedPath.problem(module, uid))
                .hasValueSatisfying(
                        sentence -> assertThat(sentence).contains("can be replaced by those who may write " + lib));
    }

    @DisplayName("is refused when a symbolic link lies where others may replace it, however safe its target")
    @Test
    void linkInWritableDirectory() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Path link = Files.createSymbolicLink(open.resolve("link.so"), module);
        assertThat(TrustedPath.problem(link, uid)).isEmpty();
        mode(open, "rwxrwxrwx");
        assertThat(TrustedPath.problem(link, uid))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("who may write " + open));
        Path second = Files.createSymbolicLink(directory.resolve("second.so"), link);
        assertThat(TrustedPath.problem(second, uid)).isPresent();
    }

    @DisplayName("is refused when file or directory belongs to somebody else")
    @Test
    void foreignOwner() throws IOException {
        int foreign = OwnUid.giveAway(module);
        assertThat(TrustedPath.problem(module, foreign))
                .hasValueSatisfying(sentence -> assertThat(sentence).containsAnyOf("belongs to uid", "who owns"));
    }

    @DisplayName("is refused when there is nothing, a directory, a circle of links, or a relative path")
    @Test
    void noFile() throws IOException {
        Path missing = directory.resolve("missing.so");
        assertThat(TrustedPath.problem(missing, uid))
                .hasValue(missing + " does not exist: write the path of an existing file");
        assertThat(TrustedPath.problem(directory, uid))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("is not a file"));
        Path circle = directory.resolve("circle.so");
        Files.createSymbolicLink(circle, circle);
        assertThat(TrustedPath.problem(circle, uid))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("circle of symbolic links"));
        assertThat(TrustedPath.problem(Path.of("module.so"), uid))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("relative path"));
        assertThat(TrustedPath.problem(module.resolve("deeper"), uid)).isPresent();
    }
}
