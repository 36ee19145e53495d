package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("A token that is pulled out and put back under a live application")
@Timeout(180)
class TokenUnderApplicationsIT {
    private static final String KEY = TestKey.P256_A.defaultLabel();
    private static final long CKR_SLOT_EVENT_NONE = 8;
    private static final long CKF_DONT_BLOCK = 1;
    /** CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID, CKR_TOKEN_NOT_PRESENT. */
    private static final Long[] SAYS_THAT_IT_IS_GONE = {0x30L, 0x32L, 0xb3L, 0xe0L};

    @TempDir
    Path directory;

    private ApplicationDesk desk;
    private NativeApplication application;

    @BeforeEach
    void start() throws Exception {
        desk = new ApplicationDesk(directory);
        application = desk.application();
    }

    @AfterEach
    void stop() {
        application.close();
        desk.close();
    }

    private boolean present() {
        return !application.call("slots", 1).numbers().isEmpty();
    }

    @Test
    @DisplayName("is gone from its slot, is back in the same one, and asks for the PIN anew")
    void comesAndGoes() throws Exception {
        long session = application.begin();
        long slot = application.slotOfBegin();
        long key = application.privateKey(session, KEY);
        application.sign(session, key, new byte[32]).succeeded();

        desk.module().remove();
        assertThat(application.sign(session, key, new byte[32]).ckr()).isIn((Object[]) SAYS_THAT_IT_IS_GONE);
        await().atMost(Duration.ofSeconds(30)).until(() -> !present());
        assertThat(application.call("slots", 0).numbers()).as("all slots").contains(slot);
        assertThat(application.sign(session, key, new byte[32]).ckr()).isIn((Object[]) SAYS_THAT_IT_IS_GONE);

        desk.module().insert();
        await().atMost(Duration.ofSeconds(30)).until(this::present);
        assertThat(application.slot()).isEqualTo(slot);
        long again = application.open(slot);
        assertThat(application.login(again)).isZero();
        byte[] digest = new byte[32];
        ApplicationDesk.assertSigned(
                digest,
                application
                        .sign(again, application.privateKey(again, KEY), digest)
                        .succeeded()
                        .bytes());
        assertThat(desk.pinentry().pinRequests()).isEqualTo(2);
    }

    @Test
    @DisplayName("wakes a thread that waits for slot events, and others of the application are served meanwhile")
    void events() throws Exception {
        application.begin();
        long slot = application.slotOfBegin();
        assertThat(application.call("wait", CKF_DONT_BLOCK).ckr()).isEqualTo(CKR_SLOT_EVENT_NONE);
        try (NativeApplication waiting = desk.application()) {
            assertThat(waiting.initialize()).isZero();
            waiting.call("slots", 1).succeeded();
            waiting.send("wait", 0);
            desk.module().remove();
            assertThat(waiting.answer().succeeded().number())
                    .as("the slot of the event, which is the same for all applications")
                    .isEqualTo(slot);
        }
        desk.module().insert();
        await().atMost(Duration.ofSeconds(30)).until(this::present);
        assertThat(application.slot()).isEqualTo(slot);
    }
}
