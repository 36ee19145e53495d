package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class NoWayToPromptIT {
    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/pinentry-tty", "/usr/bin/pinentry-curses", "/nowhere/pinentry"})
    @DisplayName("Without display and terminal there is an answer of its own, which says what was tried and what to do")
    void noTerminal(String pinentry) throws Exception {
        try (PinRig rig = PinRig.start(builder -> builder.pin("pinentry", '"' + pinentry + '"'))) {
            // In a session of its own, so that it has no terminal even where the tests are run from one.
            ProcessBuilder builder = new ProcessBuilder(
                    "setsid",
                    "--wait",
                    Path.of(Objects.requireNonNull(System.getProperty("tokend.home")), "bin/tokenctl")
                            .toString(),
                    "unlock",
                    rig.token().uri());
            builder.environment().putAll(rig.daemon().environment());
            Process tokenctl = builder.redirectErrorStream(true).start();
            tokenctl.getOutputStream().close();
            String said = new String(tokenctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(tokenctl.waitFor()).as(said).isEqualTo(78);
            assertThat(said)
                    .contains("no way to get the PIN of pkcs11:token="
                            + rig.token().label())
                    .contains("pinentry: " + pinentry)
                    .containsAnyOf("run `tokenctl unlock` in a terminal", "install a pinentry");
            assertThat(rig.module().pinTags()).isEmpty();
        }
    }
}
