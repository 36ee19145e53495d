package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.ModuleEntry;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

/** Who asks for a key or a token that is not there is told which modules could not show it. */
@Timeout(60)
class KeyThatIsNotThereIT {
    private static final String KEY = "sha256:" + "0".repeat(64);

    @TempDir
    private Path directory;

    private String refusal(DaemonFixture daemon, String... command) throws IOException {
        CommandResult result = daemon.tokenctl(command);
        assertThat(result.status()).isNotZero();
        return result.errors();
    }

    private String unknownKey(DaemonFixture daemon) throws IOException {
        return refusal(
                daemon,
                "sign",
                "--key",
                KEY,
                Files.writeString(directory.resolve("data"), "x").toString());
    }

    private static String unknownToken(DaemonFixture daemon) {
        return daemon.tokenctl("unlock", "pkcs11:token=nobody").errors();
    }

    @Test
    @DisplayName("Which module has failed, and why")
    void failed() throws Exception {
        try (SoftHsmToken token = SoftHsmToken.create("there")) {
            ModuleEntry broken =
                    new ModuleEntry("broken", token.modulePath(), Map.of("SOFTHSM2_CONF", "/nowhere"), Map.of());
            try (DaemonFixture daemon = DaemonFixture.builder()
                    .module(ModuleEntry.of("sound", token))
                    .module(broken)
                    .start()) {
                assertThat(unknownKey(daemon))
                        .contains("there is no key " + KEY, "the module broken has failed: ", "C_Initialize")
                        .doesNotContain("the module sound");
                assertThat(unknownToken(daemon)).contains("there is no token", "the module broken has failed: ");
                try (TokenClient client = TokenClient.open(daemon.socket())) {
                    Sign request = new Sign(KEY, Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[32], "a test");
                    assertThatThrownBy(() -> client.sign(request))
                            .hasMessageContaining("no token shows a key " + KEY)
                            .hasMessageContaining("the module broken has failed: ");
                }
            }
        }
    }

    @Test
    @DisplayName("Which module shows blank tokens only, as SoftHSM does where it looks into the wrong directory")
    void blank() throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("softhsm2.conf"),
                "directories.tokendir = " + Files.createDirectory(directory.resolve("tokens")) + "\n");
        try (SoftHsmToken token = SoftHsmToken.create("there");
                DaemonFixture daemon = DaemonFixture.builder()
                        .module(new ModuleEntry(
                                "soft",
                                token.modulePath(),
                                Map.of("SOFTHSM2_CONF", configuration.toString()),
                                Map.of()))
                        .start()) {
            assertThat(unknownKey(daemon)).contains("the module soft shows blank tokens only");
            assertThat(unknownToken(daemon)).contains("the module soft shows blank tokens only");
        }
    }

    @Test
    @DisplayName("Nothing of that where all modules show a token")
    void sound() throws Exception {
        try (SoftHsmToken token = SoftHsmToken.create("there");
                DaemonFixture daemon = DaemonFixture.builder().token(token).start()) {
            assertThat(unknownKey(daemon)).contains("there is no key").doesNotContain("the module");
        }
    }
}
