package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.protocol.TokenDescription;

@Timeout(120)
class IdleLockIT {
    private static TokenDescription.State state(PinRig rig) {
        try (TokenClient client = TokenClient.open(rig.daemon().socket())) {
            return client.listTokens().getFirst().state();
        }
    }

    private static PinRig unlocked(String setting, String value) {
        PinRig rig = PinRig.start(builder -> builder.pin(setting, value));
        rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()));
        rig.sign();
        assertThat(state(rig)).isEqualTo(TokenDescription.State.UNLOCKED);
        return rig;
    }

    @Test
    @DisplayName("A token that nobody uses is locked, by a real C_Logout, and asks for its PIN again")
    void idle() {
        try (PinRig rig = unlocked("idle-lock", "\"3s\"")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> state(rig) == TokenDescription.State.LOCKED);
            assertThat(rig.module().count(CryptokiFunction.C_LOGOUT)).isEqualTo(1);
            rig.sign();
            assertThat(rig.pinentry().pinRequests()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("A token that is used all the time is locked when the longest time is over")
    void absolute() {
        try (PinRig rig = unlocked("absolute-lock", "\"4s\"")) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        rig.sign();
                        return rig.pinentry().pinRequests() == 2;
                    });
            assertThat(rig.module().count(CryptokiFunction.C_LOGOUT)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("A token that is used is not locked, and lock locks it at once")
    void onDemand() {
        try (PinRig rig = unlocked("idle-lock", "\"10m\"")) {
            rig.sign();
            assertThat(rig.pinentry().pinRequests()).isEqualTo(1);
            assertThat(rig.daemon().tokenctl("lock", rig.token().uri()).status())
                    .isZero();
            assertThat(state(rig)).isEqualTo(TokenDescription.State.LOCKED);
            assertThat(rig.module().count(CryptokiFunction.C_LOGOUT)).isEqualTo(1);
        }
    }
}
