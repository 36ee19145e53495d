package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.PinentryPrompt;

/** Reads the memory of all three processes as root. What it would find is shown with the token's label. */
@Timeout(180)
@Tag("root")
class PinIsNowhereInMemoryIT {
    private static void assertNowhere(String process, long pid, PinRig rig) throws Exception {
        ProcessMemory memory = new ProcessMemory(pid);
        assertThat(memory.copiesOf(rig.token().label()))
                .as("the scan finds what is in the memory of %s", process)
                .isNotEmpty();
        assertThat(memory.copiesOf(new String(rig.token().pin())))
                .as("copies of the PIN in %s", process)
                .isEmpty();
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    @DisplayName("One second after use there is no copy of the PIN in daemon, module host and tokenctl")
    void nowhere() throws Exception {
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only root can read the memory of a daemon that forbids it")
                .isEqualTo(0);
        try (PinRig rig = PinRig.start()) {
            rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()).held());
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(Objects.requireNonNull(System.getProperty("tokend.home")), "bin/tokenctl")
                            .toString(),
                    "unlock",
                    rig.token().uri());
            builder.environment().putAll(rig.daemon().environment());
            Process tokenctl = builder.redirectErrorStream(true).start();
            PinentryPrompt prompt = rig.pinentry().awaitRequest(1);
            // Holds the answer to tokenctl back, so that it is still there when the PIN has reached the token.
            rig.module().hang(CryptokiFunction.C_LOGIN);
            prompt.release();
            rig.module().awaitCalls(CryptokiFunction.C_LOGIN, 1);
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            // Stopped, so that it is still there when the scan ends, however slow the machine.
            signal("STOP", tokenctl.pid());
            assertNowhere("tokenctl", tokenctl.pid(), rig);
            rig.module().clear();
            signal("CONT", tokenctl.pid());
            assertThat(tokenctl.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(tokenctl.exitValue()).isZero();

            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            long host = ModuleHosts.current(rig.daemon(), "card").pid();
            assertThat(new ProcessMemory(host).copiesOf(rig.token().label()))
                    .as("the scan finds what is in the memory of the module host")
                    .isNotEmpty();
            assertThat(new ProcessMemory(host).copiesOf(new String(rig.token().pin())))
                    .as("copies of the PIN in the module host")
                    .isEmpty();
            assertNowhere("daemon", rig.daemon().pid(), rig);

            rig.sign();
            assertNowhere("daemon after a signature", rig.daemon().pid(), rig);
        }
    }
}
