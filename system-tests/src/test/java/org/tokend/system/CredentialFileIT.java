package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.protocol.ErrorCode;

/** A service with nobody there: a place where the PIN lies, and a pinentry that finds neither display nor terminal. */
@Timeout(120)
class CredentialFileIT {
    @TempDir
    Path directory;

    private Path write(String pin, String mode) throws IOException {
        Path file = directory.resolve("card-pin");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, pin + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private PinRig unattended(String source, boolean credential) {
        PinRig rig = PinRig.prepare(builder -> {
            if (credential) {
                builder.environment("CREDENTIALS_DIRECTORY", directory.toString());
            }
        });
        rig.pinentry().always(PinentryAnswer.error(83918950, "Inappropriate ioctl for device"));
        String toml;
        try {
            toml = Files.readString(rig.daemon().configuration());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        rig.daemon()
                .reconfigure(
                        toml + "\n[[token]]\nuri = \"" + rig.token().uri() + "\"\npin-source = \"" + source + "\"\n");
        return rig;
    }

    @Test
    @DisplayName("The PIN is read from a file, and nobody is asked")
    void file() throws IOException {
        try (PinRig rig = unattended("file:" + directory.resolve("card-pin"), false)) {
            write(new String(rig.token().pin()), "r--------");
            rig.daemon().restart();
            rig.sign();
            assertThat(rig.pinentry().prompts()).isEmpty();
        }
    }

    @Test
    @DisplayName("The PIN is read from systemd's credentials directory")
    void credential() throws IOException {
        try (PinRig rig = unattended("credential:card-pin", true)) {
            write(new String(rig.token().pin()), "r--r-----");
            rig.daemon().restart();
            rig.sign();
            assertThat(rig.pinentry().prompts()).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "A wrong PIN in the file is sent once, not again after restarts, and another one at once when it is changed")
    void wrong() throws IOException {
        try (PinRig rig = unattended("file:" + directory.resolve("card-pin"), false)) {
            write("999999", "r--------");
            rig.daemon().restart();
            assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            for (int i = 0; i < 3; i++) {
                assertThat(rig.refused())
                        .hasMessageContaining("refused before")
                        .extracting("code")
                        .isEqualTo(ErrorCode.PIN_INCORRECT);
                rig.daemon().restart();
            }
            assertThat(rig.module().pinTags()).hasSize(1);
            write(new String(rig.token().pin()), "r--------");
            rig.sign();
            assertThat(rig.module().pinTags()).hasSize(2);
        }
    }

    @Test
    @DisplayName("When the PIN in the file is wrong, a person who can be asked puts it right")
    void personAfterFile() throws IOException {
        try (PinRig rig = unattended("file:" + directory.resolve("card-pin"), false)) {
            write("999999", "r--------");
            rig.daemon().restart();
            assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()));
            rig.sign();
            assertThat(rig.module().pinTags()).hasSize(2);
        }
    }

    @Test
    @DisplayName("A file that others may read is not used, and the answer says what to do")
    void readableByOthers() throws IOException {
        try (PinRig rig = unattended("file:" + directory.resolve("card-pin"), false)) {
            write(new String(rig.token().pin()), "r--r--r--");
            rig.daemon().restart();
            assertThat(rig.refused())
                    .hasMessageContaining("chmod 0400")
                    .extracting("code")
                    .isEqualTo(ErrorCode.NO_PROMPT);
            assertThat(rig.module().pinTags()).isEmpty();
        }
    }
}
