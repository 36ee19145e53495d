package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.FixtureDirectory;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.junit.Key;
import org.tokend.fixtures.junit.Token;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** The daemon runs as nobody here, and so does the attacker: root may look into everything anyway. */
@DisplayName("A program of the same user")
@Token(keys = @Key(TestKey.P256_A))
@Tag("root")
class NobodyLooksInsideIT {
    @BeforeEach
    void needsRoot() {
        OtherUser.needsRoot();
    }

    @Test
    @DisplayName("attaches no debugger and gets no heap dump, neither of the daemon nor of its module host")
    void nobodyLooksInside(SoftHsmToken token, @TempDir Path dumps) throws Exception {
        OtherUser.own(dumps);
        try (FixtureDirectory installation = FixtureDirectory.create("tokend-home-");
                DaemonFixture daemon = DaemonFixture.builder()
                        .installation(copy(installation))
                        .through(OtherUser.become())
                        .token(token)
                        .daemon("allow-root", "true") // so that the fixture itself is let in
                        .create()) {
            OtherUser.own(token.directory());
            OtherUser.own(daemon.directory());
            daemon.restart();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !daemon.children().isEmpty());

            for (long pid : List.of(daemon.pid(), daemon.children().get(0).pid())) {
                refusesDebugger(pid);
                refusesHeapDump(pid, dumps.resolve("heap-" + pid));
                refusesMemory(pid);
            }
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    private static void refusesDebugger(long pid) throws Exception {
        CommandResult gdb = OtherUser.run("gdb", "-nx", "-batch", "-p", Long.toString(pid), "-ex", "info proc");
        assertThat(gdb.output()).contains("Operation not permitted");
    }

    private static void refusesHeapDump(long pid, Path file) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        CommandResult dump = OtherUser.run(jcmd, Long.toString(pid), "GC.heap_dump", file.toString());
        assertThat(dump.status()).as(dump.output()).isNotZero();
        assertThat(Files.exists(file)).isFalse();
    }

    private static void refusesMemory(long pid) throws Exception {
        CommandResult read = OtherUser.run("head", "-c", "1", "/proc/" + pid + "/mem");
        assertThat(read.output()).contains("Permission denied");
    }

    /** Where the user nobody may read it; the tree that this test is built in may be private. */
    private static Path copy(FixtureDirectory target) throws Exception {
        Path home = Path.of(System.getProperty("tokend.home"));
        OtherUser.execute(
                List.of("cp", "-r", home.toString(), target.resolve("tokend").toString()));
        OtherUser.execute(List.of("chmod", "-R", "a+rX", target.path().toString()));
        return target.resolve("tokend");
    }
}
