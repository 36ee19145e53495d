package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pinentry programs of the distribution; the daemon itself has no terminal at all. */
@Timeout(120)
class CallerTerminalIT {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/pinentry-tty", "/usr/bin/pinentry-curses"})
    @DisplayName("The prompt comes up on the terminal of the program that asks, whatever the program says of it")
    void onTheCallersTerminal(String pinentry) throws Exception {
        try (PinRig rig = PinRig.start(builder -> builder.pin("pinentry", '"' + pinentry + '"'))) {
            ProcessBuilder builder = new ProcessBuilder(
                    "script",
                    "-qefc",
                    Path.of(Objects.requireNonNull(System.getProperty("tokend.home")), "bin/tokenctl") + " unlock '"
                            + rig.token().uri() + "'",
                    "/dev/null");
            builder.environment().putAll(rig.daemon().environment());
            builder.environment().put("GPG_TTY", "/dev/null");
            builder.environment().put("DISPLAY", ":99");
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process terminal = builder.redirectErrorStream(true).start();
            try {
                Thread.ofPlatform().daemon().start(() -> copy(terminal.getInputStream()));
                await().atMost(Duration.ofSeconds(30)).until(() -> shown().contains("PIN:"));
                assertThat(shown()).contains(rig.token().label());
                String pin = new String(rig.token().pin());
                terminal.getOutputStream().write((pin + "\r").getBytes(StandardCharsets.UTF_8));
                terminal.getOutputStream().flush();
                assertThat(terminal.waitFor(30, TimeUnit.SECONDS)).as(shown()).isTrue();
                assertThat(terminal.exitValue()).as(shown()).isZero();
                assertThat(shown()).doesNotContain(pin);
                assertThat(rig.module().pinTags())
                        .containsExactly(rig.module().tagOf(rig.token().pin()));
            } finally {
                terminal.descendants().forEach(ProcessHandle::destroyForcibly);
                terminal.destroyForcibly();
            }
        }
    }

    private void copy(InputStream from) {
        try {
            byte[] buffer = new byte[1024];
            for (int count = from.read(buffer); count > 0; count = from.read(buffer)) {
                synchronized (screen) {
                    screen.write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // The terminal is closed.
        }
    }

    private String shown() {
        synchronized (screen) {
            return screen.toString(StandardCharsets.UTF_8);
        }
    }
}
