package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.PinentryPrompt;
import org.tokend.protocol.ErrorCode;

@Timeout(120)
class CancelledPromptIT {
    private PinRig rig;

    @BeforeEach
    void start() {
        rig = PinRig.start();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    @DisplayName("A prompt that the person closes is an answer of its own, and no try")
    void cancelled() {
        rig.pinentry().always(PinentryAnswer.cancel());
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
        CommandResult tokenctl = rig.daemon().tokenctl("unlock", rig.token().uri());
        assertThat(tokenctl.status()).isEqualTo(77);
        assertThat(tokenctl.errors())
                .contains("Enter the PIN on the prompt", "was cancelled")
                .hasLineCount(2);
        assertThat(rig.module().pinTags()).isEmpty();

        rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()));
        rig.sign();
    }

    @Test
    @DisplayName("A prompt that nobody answers is another, which may be asked again")
    void timedOut() {
        rig.pinentry().always(PinentryAnswer.timeout());
        assertThat(rig.refused().code()).isEqualTo(ErrorCode.PROMPT_TIMEOUT);
        assertThat(rig.refused().mayRetry()).isTrue();
    }

    @Test
    @DisplayName("Locking the token takes an open prompt off the screen")
    void lockedMeanwhile() throws Exception {
        rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()).held());
        Thread asking =
                Thread.ofPlatform().start(() -> assertThat(rig.refused().code()).isEqualTo(ErrorCode.PROMPT_CANCELLED));
        PinentryPrompt open = rig.pinentry().awaitRequest(1);
        assertThat(open.description()).contains(rig.token().label(), "Asked by", "It says: a letter");
        try (TokenClient client = TokenClient.open(rig.daemon().socket())) {
            client.lock(rig.token().uri());
        }
        asking.join();
        rig.pinentry().awaitIdle();
        assertThat(rig.module().pinTags()).isEmpty();
    }
}
