package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.PersonPrompt;
import org.tokend.pkcs11.TokenState;
import org.tokend.protocol.Reply;

@Timeout(60)
@DisplayName("A prompt")
class DesertedPromptTest {
    private static final Caller MAIL =
            new Caller(1000, 1000, 4711, "/usr/bin/mail", Caller.Sandbox.UNKNOWN, Front.P11KIT);
    private static final UnlockReason SIGN = new UnlockReason(MAIL, null, "sign", "");

    @TempDir
    Path state;

    private final ModelToken token = ModelToken.withPin("123456");
    private final PersonPrompt person = new PersonPrompt(true).staysOpen(true);
    private PromptedUnlock unlock;

    @BeforeEach
    void start() throws IOException {
        UnlockSettings settings = new UnlockSettings(
                List.of(person),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofHours(2),
                OptionalInt.empty());
        unlock = new PromptedUnlock(
                unused -> settings, PinLedger.open(state, state), new EventBus(), LoginClock.SYSTEM, LoginJournal.NONE);
    }

    /** A program that can hang up. */
    private static final class Program implements EventSink {
        private final AtomicBoolean gone = new AtomicBoolean();

        @Override
        public void send(Reply.Event event) {}

        @Override
        public boolean gone() {
            return gone.get();
        }

        void hangUp() {
            gone.set(true);
        }
    }

    private interface Request {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inBackground(Request request) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                request.run();
                end.complete(null);
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private CompletableFuture<Void> ensure(Program program) {
        return inBackground(() -> unlock.ensureUnlocked(token, SIGN, program));
    }

    private void untilOnScreen(int prompts) {
        await().untilAsserted(() -> assertThat(person.onScreen()).isEqualTo(prompts));
    }

    @Test
    @DisplayName("goes off the screen when the program that it was for hangs up")
    void one() {
        Program program = new Program();
        CompletableFuture<Void> request = ensure(program);
        untilOnScreen(1);
        program.hangUp();
        untilOnScreen(0);
        await().until(request::isCompletedExceptionally);
    }

    @Test
    @DisplayName("stays for as long as anybody waits for it")
    void shared() {
        Program first = new Program();
        Program second = new Program();
        CompletableFuture<Void> firstRequest = ensure(first);
        untilOnScreen(1);
        CompletableFuture<Void> secondRequest = ensure(second);
        await().until(() -> unlock.waitersOf(token) == 2);
        first.hangUp();
        await().until(firstRequest::isCompletedExceptionally);
        assertThat(person.onScreen()).isEqualTo(1);
        assertThat(secondRequest).isNotDone();
        second.hangUp();
        untilOnScreen(0);
    }

    @Test
    @DisplayName("that was deserted does not spoil the next one")
    void next() throws Exception {
        Program program = new Program();
        ensure(program);
        untilOnScreen(1);
        program.hangUp();
        untilOnScreen(0);
        person.staysOpen(false).types("123456");
        unlock.ensureUnlocked(token, SIGN, new Program());
        assertThat(token.state()).isInstanceOf(TokenState.LoggedIn.class);
    }

    @Test
    @DisplayName("for one use of a key, and a question, go with the program too")
    void eachUse() {
        Program program = new Program();
        CompletableFuture<Void> use =
                inBackground(() -> unlock.withContextPin(token, PromptedUnlockRig.KEY, SIGN, program, pin -> true));
        untilOnScreen(1);
        program.hangUp();
        untilOnScreen(0);
        await().until(use::isCompletedExceptionally);

        Program other = new Program();
        CompletableFuture<Void> question = inBackground(() -> unlock.confirm(token, SIGN, other));
        untilOnScreen(1);
        other.hangUp();
        untilOnScreen(0);
        await().until(question::isCompletedExceptionally);
    }
}
