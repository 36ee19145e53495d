package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.event.Subscription;
import org.tokend.daemon.prompt.PersonPrompt;
import org.tokend.daemon.prompt.PinPrompt;
import org.tokend.daemon.prompt.PromptAnswer;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

@Timeout(60)
class PromptedUnlockTest {
    private static final Caller MAIL =
            new Caller(1000, 1000, 4711, "/usr/bin/mail", Caller.Sandbox.UNKNOWN, Front.VARLINK);
    private static final KeyDescriptor KEY = new KeyDescriptor(
            new TokenIdentity("Model", "tokend", "test", "0001"),
            KeyFingerprint.of(new byte[] {1}),
            KeyType.RSA,
            2048,
            new byte[] {1},
            "mail",
            new byte[] {1},
            List.of(),
            List.of(),
            Set.of(),
            true,
            true,
            null);
    private static final UnlockReason SIGN = new UnlockReason(MAIL, null, "sign", "a letter");

    @TempDir
    Path state;

    @TempDir
    Path runtime;

    private final ModelToken token = ModelToken.withPin("123456");
    private final PersonPrompt person = new PersonPrompt(true);
    private final PersonPrompt file = new PersonPrompt(false);
    private final EventBus bus = new EventBus();
    private final TestClock clock = new TestClock();
    private PromptedUnlock unlock;

    private static final class TestClock implements LoginClock {
        private volatile long nanos;
        private volatile long asleep;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long bootNanos() {
            return nanos + asleep;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        void sleep(Duration time) {
            asleep += time.toNanos();
        }
    }

    @BeforeEach
    void start() throws IOException {
        unlock = withPrompts(List.of(person), OptionalInt.empty());
    }

    private PromptedUnlock withPrompts(List<PinPrompt> prompts, OptionalInt tries) throws IOException {
        UnlockSettings settings =
                new UnlockSettings(prompts, Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ofHours(2), tries);
        return new PromptedUnlock(unused -> settings, PinLedger.open(state, runtime), bus, clock, LoginJournal.NONE);
    }

    private void ensure() throws Exception {
        unlock.ensureUnlocked(token, SIGN, EventSink.NONE);
    }

    private UnlockException refused() {
        return catchThrowableOfType(UnlockException.class, this::ensure);
    }

    private ErrorCode code() {
        UnlockException refusal = refused();
        assertThat(refusal).isNotNull();
        return refusal.code();
    }

    @Nested
    @DisplayName("A PIN")
    class OnePin {
        @Test
        @DisplayName("that is right unlocks, and is asked for once")
        void right() throws Exception {
            person.types("123456");
            ensure();
            ensure();
            assertThat(token.presented()).containsExactly("123456");
            assertThat(person.pinRequests()).hasSize(1);
            assertThat(token.state()).isInstanceOf(TokenState.LoggedIn.class);
        }

        @Test
        @DisplayName("that is wrong is one try; the answer says what is known of the tries left, never the PIN")
        void wrong() {
            person.types("999999");
            UnlockException refusal = refused();
            assertThat(refusal.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            assertThat(refusal)
                    .hasMessageContaining("pkcs11:token=Model")
                    .hasMessageContaining("one wrong PIN")
                    .message()
                    .doesNotContain("999999");
            assertThat(token.presented()).containsExactly("999999");
        }

        @Test
        @DisplayName("that was refused is not sent again, by the next daemon neither")
        void refusedAgain() throws Exception {
            person.types("999999");
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            assertThat(refused()).hasMessageContaining("not sent again");
            unlock = withPrompts(List.of(person), OptionalInt.empty());
            assertThat(refused()).hasMessageContaining("not sent again");
            assertThat(token.presented()).containsExactly("999999");
        }

        @Test
        @DisplayName("that was wrong makes the next prompt say so, and how many tries are left")
        void nextPrompt() throws Exception {
            unlock = withPrompts(List.of(person), OptionalInt.of(5));
            person.types("999999");
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            person.types("123456");
            ensure();
            assertThat(person.pinRequests().getLast().warning()).isEqualTo("The last PIN was wrong.");
            assertThat(String.join(" ", person.pinRequests().getLast().lines())).contains("4 tries are left");
        }

        @Test
        @DisplayName("of a length that the token does not take is not sent")
        void length() {
            person.types("123");
            assertThat(refused()).hasMessageContaining("4 to 16 bytes");
            person.types("1".repeat(17));
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            assertThat(token.presented()).isEmpty();
        }

        @Test
        @DisplayName("may be sent again after the token was taken out")
        void takenOut() throws Exception {
            person.types("999999");
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            token.remove(true);
            unlock.tick();
            token.remove(false);
            token.changePin("999999");
            ensure();
            assertThat(token.presented()).containsExactly("999999", "999999");
        }
    }

    @Nested
    @DisplayName("The last try")
    class LastTry {
        @BeforeEach
        void twoWrong() {
            person.types("900001");
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            person.types("900002");
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
        }

        @Test
        @DisplayName("is not used before the person says yes")
        void no() {
            person.types("123456").consents(PromptAnswer.Cancelled::new);
            assertThat(code()).isEqualTo(ErrorCode.PIN_LAST_TRY);
            assertThat(token.presented()).hasSize(2);
        }

        @Test
        @DisplayName("is used after a yes, and a right PIN sets all back")
        void yes() throws Exception {
            person.types("123456");
            ensure();
            assertThat(person.questions()).hasSize(1);
            unlock.lock(token);
            ensure();
            assertThat(person.questions()).hasSize(1);
        }

        @Test
        @DisplayName("is never used by a file, nor by one after a restart")
        void unattended() throws Exception {
            file.types("123456");
            unlock = withPrompts(List.of(file), OptionalInt.empty());
            assertThat(code()).isEqualTo(ErrorCode.PIN_LAST_TRY);
            assertThat(file.pinRequests()).isEmpty();
            assertThat(token.presented()).hasSize(2);
        }

        @Test
        @DisplayName("is not the last where the owner says that there are more")
        void configured() throws Exception {
            unlock = withPrompts(List.of(person), OptionalInt.of(10));
            person.types("123456").consents(PromptAnswer.Cancelled::new);
            ensure();
        }
    }

    @Nested
    @DisplayName("A prompt")
    class Prompting {
        @Test
        @DisplayName("that is cancelled, times out or cannot be had is an answer of its own each")
        void answers() {
            person.answers(PromptAnswer.Cancelled::new);
            assertThat(code()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
            person.answers(PromptAnswer.TimedOut::new);
            assertThat(code()).isEqualTo(ErrorCode.PROMPT_TIMEOUT);
            person.answers(() -> new PromptAnswer.NotAvailable("no display"));
            assertThat(refused()).hasMessageContaining("person: no display");
            assertThat(code()).isEqualTo(ErrorCode.NO_PROMPT);
            assertThat(token.presented()).isEmpty();
        }

        @Test
        @DisplayName("is followed by the next in the configuration when it cannot ask")
        void chain() throws Exception {
            file.answers(() -> new PromptAnswer.NotAvailable("no such file"));
            person.types("123456");
            unlock = withPrompts(List.of(file, person), OptionalInt.empty());
            ensure();
        }

        @Test
        @DisplayName("of a file that holds a wrong PIN sends it once, and says why it does not again")
        void wrongFile() throws Exception {
            file.types("999999");
            unlock = withPrompts(List.of(file), OptionalInt.empty());
            assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            for (int i = 0; i < 20; i++) {
                assertThat(code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            }
            assertThat(refused()).hasMessageContaining("refused before");
            assertThat(token.presented()).containsExactly("999999");
        }

        @Test
        @DisplayName("says who asks, what for, with which token")
        void wording() throws Exception {
            person.types("123456");
            ensure();
            assertThat(person.pinRequests().getFirst().lines())
                    .anyMatch(line -> line.contains("Model (serial 0001)"))
                    .anyMatch(line -> line.contains("/usr/bin/mail (pid 4711)"))
                    .anyMatch(line -> line.equals("To sign it"))
                    .last()
                    .isEqualTo("It says: a letter");
        }

        @Test
        @DisplayName("is shared by fifty requests at once, and so is its outcome")
        void fifty() throws Exception {
            CountDownLatch typed = new CountDownLatch(1);
            person.answers(() -> {
                awaitLatch(typed);
                return PersonPrompt.typed("123456");
            });
            AtomicInteger told = new AtomicInteger();
            try (ExecutorService pool = Executors.newFixedThreadPool(50)) {
                List<Future<?>> requests = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    requests.add(pool.submit(() -> {
                        unlock.ensureUnlocked(token, SIGN, event -> {
                            if (event.kind() == Reply.Event.Kind.WAITING_FOR_PIN) {
                                told.incrementAndGet();
                            }
                        });
                        return null;
                    }));
                }
                await().until(() -> told.get() == 50);
                typed.countDown();
                for (Future<?> request : requests) {
                    request.get();
                }
            }
            assertThat(person.pinRequests()).hasSize(1);
            assertThat(token.presented()).containsExactly("123456");
        }

        @Test
        @DisplayName("for one token does not hold up another")
        void otherToken() throws Exception {
            ModelToken other = new ModelToken("0002", "777777", 3, ModelToken.Honesty.NO_FLAGS);
            person.types("777777");
            unlock.ensureUnlocked(other, SIGN, EventSink.NONE);
            CountDownLatch typed = new CountDownLatch(1);
            person.answers(() -> {
                awaitLatch(typed);
                return new PromptAnswer.Cancelled();
            });
            try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
                Future<ErrorCode> waiting = pool.submit(PromptedUnlockTest.this::code);
                await().until(() -> person.pinRequests().size() == 2);
                unlock.ensureUnlocked(other, SIGN, EventSink.NONE);
                assertThat(waiting.isDone()).isFalse();
                typed.countDown();
                assertThat(waiting.get()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
            }
        }

        @Test
        @DisplayName("is not opened for a token that is not there")
        void absent() {
            token.remove(true);
            assertThat(catchThrowableOfType(TokenException.Removed.class, PromptedUnlockTest.this::ensure))
                    .isNotNull();
            assertThat(person.pinRequests()).isEmpty();
        }
    }

    @Nested
    @DisplayName("A login")
    class Ending {
        @BeforeEach
        void unlocked() throws Exception {
            person.types("123456");
            ensure();
        }

        @Test
        @DisplayName("ends when the token was not used for the idle time")
        void idle() {
            clock.pass(Duration.ofMinutes(9));
            unlock.touched(token);
            clock.pass(Duration.ofMinutes(9));
            unlock.tick();
            assertThat(token.state()).isInstanceOf(TokenState.LoggedIn.class);
            clock.pass(Duration.ofMinutes(1));
            unlock.tick();
            await().until(() -> token.state() instanceof TokenState.LoggedOut);
        }

        @Test
        @DisplayName("ends after the absolute time, however busy")
        void absolute() {
            for (int i = 0; i < 23; i++) {
                clock.pass(Duration.ofMinutes(5));
                unlock.touched(token);
                unlock.tick();
            }
            assertThat(token.state()).isInstanceOf(TokenState.LoggedIn.class);
            clock.pass(Duration.ofMinutes(5));
            unlock.tick();
            await().until(() -> token.state() instanceof TokenState.LoggedOut);
        }

        @Test
        @DisplayName("that is over is not used by a request that comes before the clock ticks")
        void beforeTick() throws Exception {
            clock.pass(Duration.ofMinutes(11));
            ensure();
            assertThat(person.pinRequests()).hasSize(2);
        }

        @Test
        @DisplayName("ends when the machine slept")
        void slept() throws Exception {
            clock.sleep(Duration.ofMinutes(1));
            ensure();
            assertThat(person.pinRequests()).hasSize(2);
        }

        @Test
        @DisplayName("ends on demand, which those who watch are told")
        void demand() throws Exception {
            try (Subscription watching = bus.subscribe()) {
                unlock.lock(token);
                assertThat(watching.next(Duration.ofSeconds(5)))
                        .isInstanceOfSatisfying(
                                Reply.Event.class,
                                event -> assertThat(event.kind()).isEqualTo(Reply.Event.Kind.TOKEN_LOCKED));
            }
            assertThat(token.state()).isInstanceOf(TokenState.LoggedOut.class);
        }

        @Test
        @DisplayName("that was locked while the PIN was being checked does not come about")
        void lockedMeanwhile() {
            unlock.lock(token);
            token.duringLogin(() -> unlock.lock(token));
            assertThat(code()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
            assertThat(token.state()).isInstanceOf(TokenState.LoggedOut.class);
        }
    }

    @Test
    @DisplayName("At a PIN pad nobody is prompted, but told to use the pad")
    void pad() throws Exception {
        ModelToken padded = new ModelToken("0003", "pad", 3, ModelToken.Honesty.NO_FLAGS).padded();
        List<Reply.Event.Kind> told = new ArrayList<>();
        unlock.ensureUnlocked(padded, SIGN, event -> told.add(event.kind()));
        assertThat(told).contains(Reply.Event.Kind.USE_PIN_PAD, Reply.Event.Kind.TOKEN_UNLOCKED);
        assertThat(person.pinRequests()).isEmpty();
    }

    @Test
    @DisplayName("A token that fails during the login leaves the try counted, one that was not reached does not")
    void unclear() throws Exception {
        person.types("123456");
        token.failNextLogin(new TokenException.Failed("CKR_GENERAL_ERROR", 5));
        assertThat(catchThrowableOfType(TokenException.Failed.class, this::ensure))
                .isNotNull();
        assertThat(PinLedger.open(state, runtime).entry(token.identity()).wrong())
                .isEqualTo(1);
        token.failNextLogin(new TokenException.Busy("busy"));
        assertThat(catchThrowableOfType(TokenException.Busy.class, this::ensure))
                .isNotNull();
        assertThat(PinLedger.open(state, runtime).entry(token.identity()).wrong())
                .isEqualTo(1);
        ensure();
        assertThat(PinLedger.open(state, runtime).entry(token.identity()).wrong())
                .isZero();
    }

    @Test
    @DisplayName("A key that asks each time asks each time, and its refused PIN is counted like any other")
    void contextPin() throws Exception {
        person.types("123456");
        ensure();
        PinUse<String> use = pin -> {
            token.check(pin);
            return "signed";
        };
        for (int i = 0; i < 3; i++) {
            assertThat(unlock.withContextPin(token, KEY, SIGN, EventSink.NONE, use))
                    .isEqualTo("signed");
        }
        assertThat(person.pinRequests()).hasSize(4);
        person.types("999999");
        for (int i = 0; i < 3; i++) {
            assertThat(catchThrowableOfType(
                                    UnlockException.class,
                                    () -> unlock.withContextPin(token, KEY, SIGN, EventSink.NONE, use))
                            .code())
                    .isEqualTo(ErrorCode.PIN_INCORRECT);
        }
        assertThat(token.presented()).containsOnlyOnce("999999");
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
