package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.PersonPrompt;
import org.tokend.daemon.prompt.PromptAnswer;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

@Timeout(60)
class PromptedUnlockTest {
    @TempDir
    Path state;

    @TempDir
    Path runtime;

    @SuppressWarnings("NullAway.Init")
    private PromptedUnlockRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new PromptedUnlockRig(state, runtime);
    }

    @Nested
    @DisplayName("A PIN")
    class OnePin {
        @Test
        @DisplayName("that is right unlocks, and is asked for once")
        void right() throws Exception {
            rig.person().types("123456");
            rig.ensure();
            rig.ensure();
            assertThat(rig.token().presented()).containsExactly("123456");
            assertThat(rig.person().pinRequests()).hasSize(1);
            assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedIn.class);
        }

        @Test
        @DisplayName("that is wrong is one try; the answer says what is known of the tries left, never the PIN")
        void wrong() {
            rig.person().types("999999");
            UnlockException refusal = rig.refused();
            assertThat(refusal.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            assertThat(refusal)
                    .hasMessageContaining("pkcs11:token=Model")
                    .hasMessageContaining("one wrong PIN")
                    .message()
                    .doesNotContain("999999");
            assertThat(rig.token().presented()).containsExactly("999999");
        }

        @Test
        @DisplayName("that was refused is not sent again, by the next daemon neither")
        void refusedAgain() throws Exception {
            rig.person().types("999999");
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            assertThat(rig.refused()).hasMessageContaining("not sent again");
            rig.withPrompts(List.of(rig.person()), OptionalInt.empty());
            assertThat(rig.refused()).hasMessageContaining("not sent again");
            assertThat(rig.token().presented()).containsExactly("999999");
        }

        @Test
        @DisplayName("that was wrong makes the next prompt say so, and how many tries are left")
        void nextPrompt() throws Exception {
            rig.withPrompts(List.of(rig.person()), OptionalInt.of(5));
            rig.person().types("999999");
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            rig.person().types("123456");
            rig.ensure();
            assertThat(rig.person().pinRequests().getLast().warning()).isEqualTo("The last PIN was wrong.");
            assertThat(String.join(" ", rig.person().pinRequests().getLast().lines()))
                    .contains("4 tries are left");
        }

        @Test
        @DisplayName("of a length that the token does not take is not sent")
        void length() {
            rig.person().types("123");
            assertThat(rig.refused()).hasMessageContaining("4 to 16 bytes");
            rig.person().types("1".repeat(17));
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            assertThat(rig.token().presented()).isEmpty();
        }

        @Test
        @DisplayName("may be sent again after the token was taken out")
        void takenOut() throws Exception {
            rig.person().types("999999");
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            rig.token().remove(true);
            rig.unlock().tick();
            rig.token().remove(false);
            rig.token().changePin("999999");
            rig.ensure();
            assertThat(rig.token().presented()).containsExactly("999999", "999999");
        }
    }

    @Nested
    @DisplayName("The last try")
    class LastTry {
        @BeforeEach
        void twoWrong() {
            rig.person().types("900001");
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            rig.person().types("900002");
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
        }

        @Test
        @DisplayName("is not used before the person says yes")
        void no() {
            rig.person().types("123456").consents(PromptAnswer.Cancelled::new);
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_LAST_TRY);
            assertThat(rig.token().presented()).hasSize(2);
        }

        @Test
        @DisplayName("is used after a yes, and a right PIN sets all back")
        void yes() throws Exception {
            rig.person().types("123456");
            rig.ensure();
            assertThat(rig.person().questions()).hasSize(1);
            rig.unlock().lock(rig.token());
            rig.ensure();
            assertThat(rig.person().questions()).hasSize(1);
        }

        @Test
        @DisplayName("is never used by a file, nor by one after a restart")
        void unattended() throws Exception {
            rig.file().types("123456");
            rig.withPrompts(List.of(rig.file()), OptionalInt.empty());
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_LAST_TRY);
            assertThat(rig.file().pinRequests()).isEmpty();
            assertThat(rig.token().presented()).hasSize(2);
        }

        @Test
        @DisplayName("is not the last where the owner says that there are more")
        void configured() throws Exception {
            rig.withPrompts(List.of(rig.person()), OptionalInt.of(10));
            rig.person().types("123456").consents(PromptAnswer.Cancelled::new);
            rig.ensure();
        }
    }

    @Nested
    @DisplayName("A prompt")
    class Prompting {
        @Test
        @DisplayName("that is cancelled, times out or cannot be had is an answer of its own each")
        void answers() {
            rig.person().answers(PromptAnswer.Cancelled::new);
            assertThat(rig.code()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
            rig.person().answers(PromptAnswer.TimedOut::new);
            assertThat(rig.code()).isEqualTo(ErrorCode.PROMPT_TIMEOUT);
            rig.person().answers(() -> new PromptAnswer.NotAvailable("no display"));
            assertThat(rig.refused()).hasMessageContaining("person: no display");
            assertThat(rig.code()).isEqualTo(ErrorCode.NO_PROMPT);
            assertThat(rig.token().presented()).isEmpty();
        }

        @Test
        @DisplayName("is followed by the next in the configuration when it cannot ask")
        void chain() throws Exception {
            rig.file().answers(() -> new PromptAnswer.NotAvailable("no such file"));
            rig.person().types("123456");
            rig.withPrompts(List.of(rig.file(), rig.person()), OptionalInt.empty());
            rig.ensure();
        }

        @Test
        @DisplayName("of a file that holds a wrong PIN sends it once, and says why it does not again")
        void wrongFile() throws Exception {
            rig.file().types("999999");
            rig.withPrompts(List.of(rig.file()), OptionalInt.empty());
            assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            for (int i = 0; i < 20; i++) {
                assertThat(rig.code()).isEqualTo(ErrorCode.PIN_INCORRECT);
            }
            assertThat(rig.refused()).hasMessageContaining("refused before");
            assertThat(rig.token().presented()).containsExactly("999999");
        }

        @Test
        @DisplayName("says who asks, what for, with which token")
        void wording() throws Exception {
            rig.person().types("123456");
            rig.ensure();
            assertThat(rig.person().pinRequests().getFirst().lines())
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
            rig.person().answers(() -> {
                PromptedUnlockRig.await(typed);
                return PersonPrompt.typed("123456");
            });
            AtomicInteger told = new AtomicInteger();
            try (ExecutorService pool = Executors.newFixedThreadPool(50)) {
                List<Future<?>> requests = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    requests.add(pool.submit(() -> {
                        rig.unlock().ensureUnlocked(rig.token(), PromptedUnlockRig.SIGN, event -> {
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
            assertThat(rig.person().pinRequests()).hasSize(1);
            assertThat(rig.token().presented()).containsExactly("123456");
        }

        @Test
        @DisplayName("for one token does not hold up another")
        void otherToken() throws Exception {
            ModelToken other = new ModelToken("0002", "777777", 3, ModelToken.Honesty.NO_FLAGS);
            rig.person().types("777777");
            rig.unlock().ensureUnlocked(other, PromptedUnlockRig.SIGN, EventSink.NONE);
            CountDownLatch typed = new CountDownLatch(1);
            rig.person().answers(() -> {
                PromptedUnlockRig.await(typed);
                return new PromptAnswer.Cancelled();
            });
            try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
                Future<ErrorCode> waiting = pool.submit(rig::code);
                await().until(() -> rig.person().pinRequests().size() == 2);
                rig.unlock().ensureUnlocked(other, PromptedUnlockRig.SIGN, EventSink.NONE);
                assertThat(waiting.isDone()).isFalse();
                typed.countDown();
                assertThat(waiting.get()).isEqualTo(ErrorCode.PROMPT_CANCELLED);
            }
        }

        @Test
        @DisplayName("is not opened for a token that is not there")
        void absent() {
            rig.token().remove(true);
            assertThat(catchThrowableOfType(TokenException.Removed.class, rig::ensure))
                    .isNotNull();
            assertThat(rig.person().pinRequests()).isEmpty();
        }
    }

    @Test
    @DisplayName("At a PIN pad nobody is prompted, but told to use the pad")
    void pad() throws Exception {
        ModelToken padded = new ModelToken("0003", "pad", 3, ModelToken.Honesty.NO_FLAGS).padded();
        List<Reply.Event.Kind> told = new ArrayList<>();
        rig.unlock().ensureUnlocked(padded, PromptedUnlockRig.SIGN, event -> told.add(event.kind()));
        assertThat(told).contains(Reply.Event.Kind.USE_PIN_PAD, Reply.Event.Kind.TOKEN_UNLOCKED);
        assertThat(rig.person().pinRequests()).isEmpty();
    }

    @Test
    @DisplayName("A token that fails during the login leaves the try counted, one that was not reached does not")
    void unclear() throws Exception {
        rig.person().types("123456");
        rig.token().failNextLogin(new TokenException.Failed("CKR_GENERAL_ERROR", 5));
        assertThat(catchThrowableOfType(TokenException.Failed.class, rig::ensure))
                .isNotNull();
        assertThat(PinLedger.open(state, runtime).entry(rig.token().identity()).wrong())
                .isEqualTo(1);
        rig.token().failNextLogin(new TokenException.Busy("busy"));
        assertThat(catchThrowableOfType(TokenException.Busy.class, rig::ensure)).isNotNull();
        assertThat(PinLedger.open(state, runtime).entry(rig.token().identity()).wrong())
                .isEqualTo(1);
        rig.ensure();
        assertThat(PinLedger.open(state, runtime).entry(rig.token().identity()).wrong())
                .isZero();
    }

    @Test
    @DisplayName("A key that asks each time asks each time, and its refused PIN is counted like any other")
    void contextPin() throws Exception {
        rig.person().types("123456");
        rig.ensure();
        PinUse<String> use = pin -> {
            rig.token().check(pin);
            return "signed";
        };
        for (int i = 0; i < 3; i++) {
            assertThat(rig.unlock()
                            .withContextPin(
                                    rig.token(), PromptedUnlockRig.KEY, PromptedUnlockRig.SIGN, EventSink.NONE, use))
                    .isEqualTo("signed");
        }
        assertThat(rig.person().pinRequests()).hasSize(4);
        rig.person().types("999999");
        for (int i = 0; i < 3; i++) {
            assertThat(catchThrowableOfType(
                                    UnlockException.class,
                                    () -> rig.unlock()
                                            .withContextPin(
                                                    rig.token(),
                                                    PromptedUnlockRig.KEY,
                                                    PromptedUnlockRig.SIGN,
                                                    EventSink.NONE,
                                                    use))
                            .code())
                    .isEqualTo(ErrorCode.PIN_INCORRECT);
        }
        assertThat(rig.token().presented()).containsOnlyOnce("999999");
    }
}
