package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.DaemonStartException;

@DisplayName("A wrong configuration: one line that says which file, where in it, and what to do")
class WrongConfigurationIT {
    private static final int EX_CONFIG = 78;

    private final DaemonFixture daemon = DaemonFixture.builder().create();

    @AfterEach
    void close() {
        daemon.close();
    }

    @Test
    @DisplayName("An unknown key, with the key that was probably meant")
    void unknownKey() {
        daemon.reconfigure("discover-modules = false\n\n[daemon]\nmax-connection = 5\n");
        assertThat(complaint())
                .contains(daemon.configuration() + ":4:1: ")
                .contains("`max-connection`")
                .contains("`max-connections`");
    }

    @Test
    @DisplayName("A module path where nothing is")
    void missingModule() {
        daemon.reconfigure("[[module]]\nname = \"card\"\npath = \"/nonexistent/libcard.so\"\n");
        assertThat(complaint())
                .contains(daemon.configuration() + ":3:1: ")
                .contains("/nonexistent/libcard.so")
                .contains("; ");
    }

    @Test
    @DisplayName("A module that others may write")
    void writableModule() throws IOException {
        Path module = Files.writeString(daemon.directory().resolve("module.so"), "");
        Files.setPosixFilePermissions(module, PosixFilePermissions.fromString("rwxrwxrwx"));
        daemon.reconfigure("[[module]]\nname = \"card\"\npath = \"" + module + "\"\n");
        assertThat(complaint()).contains(daemon.configuration() + ":3:1: ").contains("chmod go-w " + module);
    }

    @Test
    @DisplayName("A configuration that others may write")
    void writableConfiguration() throws IOException {
        Files.setPosixFilePermissions(daemon.configuration(), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(complaint()).contains("may be written by others").contains("chmod go-w " + daemon.configuration());
    }

    @Test
    @DisplayName("tokend check-config says the same without starting anything, and OK when all is well")
    void checkConfig() {
        CommandResult fine =
                daemon.run("tokend", "check-config", daemon.configuration().toString());
        assertThat(fine.status()).as(fine.errors()).isZero();

        daemon.reconfigure("[daemon]\nsocket = 7\n");
        CommandResult wrong =
                daemon.run("tokend", "check-config", daemon.configuration().toString());
        assertThat(wrong.status()).isEqualTo(EX_CONFIG);
        assertThat(wrong.errors().lines()).hasSize(1);
        assertThat(wrong.errors()).contains(daemon.configuration() + ":2:1: ").contains("`socket`");
        assertThat(Files.exists(daemon.socket())).isFalse();
    }

    /** The one line that the daemon says before it ends. */
    private String complaint() {
        DaemonStartException failure = catchThrowableOfType(DaemonStartException.class, daemon::restart);
        assertThat(failure.status()).isEqualTo(EX_CONFIG);
        List<String> lines = failure.log().lines().toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }
}
