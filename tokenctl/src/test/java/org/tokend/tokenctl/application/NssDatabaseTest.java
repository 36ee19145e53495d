package org.tokend.tokenctl.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.tokenctl.output.CommandException;

@DisplayName("An NSS database, where modutil is not installed,")
class NssDatabaseTest {
    private static final Path CLIENT = Path.of("/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so");
    private static final String BEFORE = "library=\nname=NSS Internal PKCS #11 Module\n\n";
    private static final Machine WITHOUT_MODUTIL = Machine.of(Map.of("PATH", "/nonexistent"));

    @TempDir
    Path directory;

    private NssDatabase database;

    @BeforeEach
    void create() throws IOException {
        Files.writeString(directory.resolve("cert9.db"), "certificates");
        Files.writeString(directory.resolve("pkcs11.txt"), BEFORE);
        database = NssDatabase.in(directory);
    }

    @Test
    @DisplayName("gets the module once, keeps what was there, and loses it again")
    void addAndRemove() throws IOException {
        assertThat(database.add(WITHOUT_MODUTIL, CLIENT)).isTrue();
        assertThat(database.hasClient()).isTrue();
        assertThat(database.backup()).hasContent(BEFORE);
        assertThat(database.add(WITHOUT_MODUTIL, CLIENT)).isFalse();
        assertThat(database.remove(WITHOUT_MODUTIL)).isTrue();
        assertThat(directory.resolve("pkcs11.txt")).hasContent(BEFORE);
        assertThat(database.remove(WITHOUT_MODUTIL)).isFalse();
    }

    @Test
    @DisplayName("is left alone while a program has it open, which is named")
    void open() throws IOException {
        try (InputStream open = Files.newInputStream(directory.resolve("cert9.db"))) {
            assertThat(open.read()).isNotNegative();
            assertThatThrownBy(() -> database.add(WITHOUT_MODUTIL, CLIENT))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("(pid " + ProcessHandle.current().pid() + ") has ")
                    .hasMessageContaining("end it");
        }
        assertThat(directory.resolve("pkcs11.txt")).hasContent(BEFORE);
        assertThat(database.backup()).doesNotExist();
        assertThat(database.add(WITHOUT_MODUTIL, CLIENT)).isTrue();
    }

    @Test
    @DisplayName("is left alone while Firefox or Thunderbird has locked the profile")
    void locked() throws IOException {
        Path lockFile = Files.createFile(directory.resolve(".parentlock"));
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> database.add(WITHOUT_MODUTIL, CLIENT))
                    .hasMessageContaining("Firefox or Thunderbird has");
        }
        assertThat(database.add(WITHOUT_MODUTIL, CLIENT)).isTrue();
    }

    @Test
    @DisplayName("does not lose another module of the same name")
    void nameTaken() throws IOException {
        Files.writeString(directory.resolve("pkcs11.txt"), BEFORE + "library=/other.so\nname=tokend\n\n");
        assertThatThrownBy(() -> database.add(WITHOUT_MODUTIL, CLIENT))
                .hasMessageContaining("/other.so")
                .hasMessageContaining("-delete tokend");
    }

    @Test
    @DisplayName("is not where there is none, or only one of the old form")
    void none(@TempDir Path other) throws IOException {
        assertThatThrownBy(() -> NssDatabase.in(other)).hasMessageContaining("holds no NSS database");
        Files.createFile(other.resolve("cert8.db"));
        assertThatThrownBy(() -> NssDatabase.in(other)).hasMessageContaining("of the old form");
    }
}
