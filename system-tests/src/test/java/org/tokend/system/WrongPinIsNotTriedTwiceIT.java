package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.protocol.ErrorCode;

/** The module in front of SoftHSM writes down each C_Login and locks after three wrong PINs, with no flag before. */
@Timeout(120)
class WrongPinIsNotTriedTwiceIT {
    private PinRig rig;

    @BeforeEach
    void start() {
        rig = PinRig.start();
        rig.module().pinTriesWithoutFlags(3);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private int logins() {
        return rig.module().pinTags().size();
    }

    @Test
    @DisplayName("A wrong PIN is one try, answered clearly; it is never sent again, after a restart neither")
    void oneTry() {
        rig.pinentry().always(PinentryAnswer.pin("999999"));
        TokenClientException refusal = rig.refused();
        assertThat(refusal.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
        assertThat(refusal.mayRetry()).isFalse();
        assertThat(refusal)
                .hasMessageContaining("pkcs11:token=" + rig.token().label())
                .hasMessageContaining("one wrong PIN since the last right one")
                .message()
                .doesNotContain("999999");
        assertThat(logins()).isEqualTo(1);

        for (int i = 0; i < 5; i++) {
            assertThat(rig.refused()).hasMessageContaining("not sent again");
        }
        rig.daemon().restart();
        assertThat(rig.refused()).hasMessageContaining("not sent again");
        rig.daemon().kill();
        rig.daemon().restart();
        assertThat(rig.refused()).hasMessageContaining("not sent again");
        assertThat(logins()).isEqualTo(1);
        assertThat(rig.module().wrongPins()).isEqualTo(1);
        assertThat(rig.daemon().log()).doesNotContain("999999");
        assertThat(rig.daemon().audit()).doesNotContain("999999");

        rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()));
        rig.sign();
        assertThat(logins()).isEqualTo(2);
        assertThat(rig.pinentry().prompts().getLast().error()).isEqualTo("The last PIN was wrong.");
    }

    @Test
    @DisplayName(
            "The last try is used only when the person says so, whatever the flags say and however often tokend starts")
    void lastTry() {
        rig.pinentry().answer(PinentryAnswer.pin("999991"), PinentryAnswer.pin("999992"));
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_INCORRECT);
        assertThat(rig.refused()).hasMessageContaining("may be the last try");
        rig.pinentry().alwaysConfirm(PinentryAnswer.notConfirmed());
        rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()));
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_LAST_TRY);
        rig.daemon().restart();
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_LAST_TRY);
        assertThat(logins()).isEqualTo(2);

        rig.pinentry().alwaysConfirm(PinentryAnswer.ok());
        rig.sign();
        assertThat(logins()).isEqualTo(3);
        assertThat(rig.module().wrongPins()).isZero();
    }

    @Test
    @DisplayName("A token that says it is locked gets no PIN any more, and nobody is asked for one")
    void locked() {
        rig.module().pinTries(1);
        rig.pinentry().always(PinentryAnswer.pin("999999"));
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_LOCKED);
        int asked = rig.pinentry().pinRequests();
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PIN_LOCKED);
        assertThat(rig.pinentry().pinRequests()).isEqualTo(asked);
        assertThat(logins()).isEqualTo(1);
    }

    @Test
    @DisplayName("A try that was under way when tokend was killed is counted")
    void killedInTheMiddle() throws Exception {
        rig.pinentry().always(PinentryAnswer.pin("999999"));
        rig.module().hang(CryptokiFunction.C_LOGIN);
        Thread asking =
                Thread.ofPlatform().start(() -> assertThat(rig.refused()).isNotNull());
        rig.pinentry().awaitRequest(1);
        org.awaitility.Awaitility.await().until(() -> ledgerIsPending());
        rig.daemon().kill();
        asking.join();
        rig.module().clear();
        rig.daemon().restart();
        rig.pinentry().always(PinentryAnswer.cancel());
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
        assertThat(rig.pinentry().prompts().getLast().description()).contains("One wrong PIN since the last right one");
    }

    private boolean ledgerIsPending() throws java.io.IOException {
        java.nio.file.Path ledger = rig.daemon().stateDirectory().resolve("pin-ledger");
        if (!java.nio.file.Files.isDirectory(ledger)) {
            return false;
        }
        try (var files = java.nio.file.Files.list(ledger)) {
            for (java.nio.file.Path file : files.toList()) {
                if (!file.toString().endsWith(".new")
                        && java.nio.file.Files.readString(file).contains("pending")) {
                    return true;
                }
            }
        }
        return false;
    }
}
