package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.event.Subscription;
import org.tokend.pkcs11.TokenState;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

@Timeout(60)
@DisplayName("A login")
class LoginEndsTest {
    @TempDir
    Path state;

    @TempDir
    Path runtime;

    @SuppressWarnings("NullAway.Init")
    private PromptedUnlockRig rig;

    @BeforeEach
    void unlocked() throws Exception {
        rig = new PromptedUnlockRig(state, runtime);
        rig.person().types("123456");
        rig.ensure();
    }

    @Test
    @DisplayName("ends when the token was not used for the idle time")
    void idle() {
        rig.clock().pass(Duration.ofMinutes(9));
        rig.unlock().touched(rig.token());
        rig.clock().pass(Duration.ofMinutes(9));
        rig.unlock().tick();
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedIn.class);
        rig.clock().pass(Duration.ofMinutes(1));
        rig.unlock().tick();
        await().until(() -> rig.token().state() instanceof TokenState.LoggedOut);
    }

    @Test
    @DisplayName("ends after the absolute time, however busy")
    void absolute() {
        for (int i = 0; i < 23; i++) {
            rig.clock().pass(Duration.ofMinutes(5));
            rig.unlock().touched(rig.token());
            rig.unlock().tick();
        }
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedIn.class);
        rig.clock().pass(Duration.ofMinutes(5));
        rig.unlock().tick();
        await().until(() -> rig.token().state() instanceof TokenState.LoggedOut);
    }

    @Test
    @DisplayName("that is over is not used by a request that comes before the clock ticks")
    void beforeTick() throws Exception {
        rig.clock().pass(Duration.ofMinutes(11));
        rig.ensure();
        assertThat(rig.person().pinRequests()).hasSize(2);
    }

    @Test
    @DisplayName("ends when the machine slept")
    void slept() throws Exception {
        rig.clock().sleep(Duration.ofMinutes(1));
        rig.ensure();
        assertThat(rig.person().pinRequests()).hasSize(2);
    }

    @Test
    @DisplayName("ends on demand, which those who watch are told")
    void demand() throws Exception {
        try (Subscription watching = rig.bus().subscribe()) {
            rig.unlock().lock(rig.token());
            assertThat(watching.next(Duration.ofSeconds(5)))
                    .isInstanceOfSatisfying(
                            Reply.Event.class,
                            event -> assertThat(event.kind()).isEqualTo(Reply.Event.Kind.TOKEN_LOCKED));
        }
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
    }

    @Test
    @DisplayName("that was locked while the PIN was being checked does not come about")
    void lockedMeanwhile() {
        rig.unlock().lock(rig.token());
        rig.token().duringLogin(() -> rig.unlock().lock(rig.token()));
        assertThat(rig.code()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
    }
}
