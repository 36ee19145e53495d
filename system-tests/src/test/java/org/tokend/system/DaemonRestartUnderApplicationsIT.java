package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("A restart of the daemon under live applications")
@Timeout(180)
class DaemonRestartUnderApplicationsIT {
    private static final String KEY = TestKey.P256_A.defaultLabel();
    private static final String CKR_DEVICE_ERROR = "30";

    @TempDir
    Path directory;

    private ApplicationDesk desk;
    private NativeApplication idle;
    private NativeApplication busy;

    @BeforeEach
    void start() throws Exception {
        desk = new ApplicationDesk(directory);
        idle = desk.application();
        busy = desk.application();
    }

    @AfterEach
    void stop() {
        idle.close();
        busy.close();
        desk.close();
    }

    @Test
    @DisplayName("is CKR_DEVICE_ERROR for the idle and the busy, kills nobody, and C_Finalize and C_Initialize mend it")
    void restart() throws Exception {
        long session = idle.begin();
        long key = idle.privateKey(session, KEY);
        busy.begin();
        busy.send("threads", 4, 100_000, busy.slotOfBegin(), NativeApplication.CKM_ECDSA, ":" + KEY);
        int before = desk.uses().size();
        await().atMost(Duration.ofSeconds(30)).until(() -> desk.uses().size() > before + 20);

        desk.daemon().restart();

        assertThat(idle.sign(session, key, new byte[32]).ckr()).isEqualTo(0x30);
        assertThat(idle.call("slots", 1).ckr()).isEqualTo(0x30);
        assertThat(idle.call("finalize").ckr()).isZero();
        byte[] digest = new byte[32];
        long again = idle.begin();
        ApplicationDesk.assertSigned(
                digest,
                idle.sign(again, idle.privateKey(again, KEY), digest)
                        .succeeded()
                        .bytes());

        NativeApplication.Answer answer = busy.answer();
        assertThat(answer.lines().getLast()).startsWith(CKR_DEVICE_ERROR + " ");
        assertThat(answer.lines().stream().map(line -> line.split(" ")[0]).distinct())
                .as("what the busy one heard, before and after")
                .containsExactlyInAnyOrder("0", CKR_DEVICE_ERROR);
        assertThat(busy.call("finalize").ckr()).isZero();
        busy.begin();
    }

    @Test
    @DisplayName(
            "leaves their connections to a service manager that keeps descriptors, and the next daemon takes them over")
    void descriptorStore() throws Exception {
        try (ServiceManager manager = ServiceManager.start(directory.resolve("manager"));
                ApplicationDesk kept = new ApplicationDesk(
                        Files.createDirectory(directory.resolve("kept")), manager::startsDaemonOf, TestKey.P256_A);
                NativeApplication first = kept.application();
                NativeApplication second = kept.application()) {
            long session = first.begin();
            long key = first.privateKey(session, KEY);
            second.begin();

            kept.daemon().restart();

            assertThat(manager.said()).isEqualTo("kept 2 p11kit-ended\n");
            assertThat(kept.daemon().log()).as("no other keeper").doesNotContain("kept-by");
            // The manager has closed its own: only the new daemon can hold them now. A closed one would end the program
            // here.
            assertThat(first.sign(session, key, new byte[32]).ckr()).isEqualTo(0x30);
            assertThat(first.call("finalize").ckr()).isZero();
            long again = first.begin();
            byte[] digest = new byte[32];
            ApplicationDesk.assertSigned(
                    digest,
                    first.sign(again, first.privateKey(again, KEY), digest)
                            .succeeded()
                            .bytes());

            // The second has not called since, so its connection of the first daemon is handed on once more, beside the
            // new one.
            kept.daemon().restart();

            assertThat(manager.said()).isEqualTo("kept 2 p11kit-ended\n".repeat(2));
            assertThat(second.call("slots", 1).ckr()).isEqualTo(0x30);
            assertThat(second.call("finalize").ckr()).isZero();
            second.begin();
        }
    }
}
