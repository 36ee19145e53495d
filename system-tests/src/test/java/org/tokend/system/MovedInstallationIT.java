package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;

/** An installation is a directory: it may be packed, copied and moved, and class caches that were made elsewhere still fit. */
@Timeout(180)
class MovedInstallationIT {
    private static final Path MAKE_CACHES =
            Path.of("../distribution/src/main/build/make-caches").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    @DisplayName("It signs from where it was moved to, though its class caches were made at a place that is gone")
    void moved() throws Exception {
        Path built = directory.resolve("built");
        Path home = directory.resolve("moved to");
        Programs programs = new Programs(directory, Map.of("PATH", "/usr/bin:/bin"));
        programs.succeeds(programs.program("cp", "-a", System.getProperty("tokend.home"), built.toString()));
        programs.succeeds(programs.program("sh", MAKE_CACHES.toString(), built.toString()));
        Files.move(built, home);

        try (UnattendedToken token = UnattendedToken.create("moved")) {
            DaemonFixture.Builder builder = DaemonFixture.builder().installation(home);
            token.addTo(builder);
            try (DaemonFixture daemon = builder.start()) {
                Path message = Files.writeString(directory.resolve("message"), "moved");
                CommandResult signed = daemon.tokenctl("sign", "--key", token.key(), message.toString());
                assertThat(signed.status()).as("%s; %s", signed, daemon.log()).isZero();
            }
        }
    }
}
