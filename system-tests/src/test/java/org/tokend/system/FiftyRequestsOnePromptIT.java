package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.PinentryPrompt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

@Timeout(180)
class FiftyRequestsOnePromptIT {
    private static final int REQUESTS = 50;

    private PinRig rig;

    @BeforeEach
    void start() {
        rig = PinRig.start();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** Sends fifty requests from fifty connections, and lets the prompt go when all of them wait for it. */
    private List<Future<Boolean>> ask(ExecutorService pool) {
        AtomicInteger waiting = new AtomicInteger();
        List<Future<Boolean>> requests = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(pool.submit(() -> {
                rig.sign(event -> {
                    if (event.kind() == Reply.Event.Kind.WAITING_FOR_PIN) {
                        waiting.incrementAndGet();
                    }
                });
                return true;
            }));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting.get() == REQUESTS);
        return requests;
    }

    @Test
    @DisplayName("Fifty requests at once are one prompt and one login, and all of them are served")
    void served() throws Exception {
        rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()).held());
        try (ExecutorService pool = Executors.newFixedThreadPool(REQUESTS)) {
            List<Future<Boolean>> requests = ask(pool);
            PinentryPrompt prompt = rig.pinentry().awaitRequest(1);
            try (TokenClient client = TokenClient.open(rig.daemon().socket())) {
                assertThat(client.status().tokens())
                        .as("others are answered meanwhile")
                        .hasSize(1);
            }
            prompt.release();
            for (Future<Boolean> request : requests) {
                assertThat(request.get()).isTrue();
            }
        }
        assertThat(rig.pinentry().prompts()).hasSize(1);
        assertThat(rig.module().pinTags()).hasSize(1);
    }

    @Test
    @DisplayName("When the person closes the one prompt, all fifty are told so and none asks again")
    void cancelled() throws Exception {
        rig.pinentry().always(PinentryAnswer.cancel().held());
        try (ExecutorService pool = Executors.newFixedThreadPool(REQUESTS)) {
            List<Future<Boolean>> requests = ask(pool);
            rig.pinentry().awaitRequest(1).release();
            for (Future<Boolean> request : requests) {
                assertThat(request)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .havingCause()
                        .extracting("code")
                        .isEqualTo(ErrorCode.PROMPT_CANCELLED);
            }
        }
        assertThat(rig.pinentry().prompts()).hasSize(1);
    }
}
