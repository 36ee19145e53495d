package org.tokend.tokenctl.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An output file")
class OutputFileTest {

    @TempDir
    Path directory;

    @Test
    @DisplayName("keeps its old content when the new one fails, and nothing else is left")
    void allOrNothing() throws IOException {
        Path target = Files.writeString(directory.resolve("out"), "old");
        assertThatThrownBy(() -> OutputFile.write(target, OutputFile.Access.USUAL, out -> {
                    out.write(1);
                    throw new IOException("half way");
                }))
                .hasMessage("half way");
        assertThat(target).hasContent("old");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    @DisplayName("for secrets is readable by its owner alone, also where an older file was not")
    void ownerOnly() throws IOException {
        Path target = Files.writeString(directory.resolve("out"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw-rw-"));
        OutputFile.write(target, OutputFile.Access.OWNER_ONLY, out -> out.write('x'));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        assertThat(target).hasContent("x");
    }

    @Test
    @DisplayName("that is a link stays a link, and its target is replaced")
    void link() throws IOException {
        Path real = Files.writeString(directory.resolve("real"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        OutputFile.write(link, OutputFile.Access.USUAL, out -> out.write('x'));
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("x");
    }

    @Test
    @DisplayName("in a directory that does not exist is an error of its own")
    void noDirectory() {
        assertThatThrownBy(() ->
                        OutputFile.write(directory.resolve("no/out"), OutputFile.Access.USUAL, out -> out.write(1)))
                .isInstanceOfSatisfying(
                        CommandException.class,
                        failure -> assertThat(failure.status()).isEqualTo(ExitStatus.CANNOT_CREATE));
    }
}
