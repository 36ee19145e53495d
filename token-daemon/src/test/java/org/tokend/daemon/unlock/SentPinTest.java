package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;

@Timeout(60)
@DisplayName("A PIN that a program sent")
class SentPinTest {
    private static final Caller MAIL =
            new Caller(1000, 1000, 4711, "/usr/bin/mail", Caller.Sandbox.UNKNOWN, Front.P11KIT);
    private static final UnlockReason LOGIN = new UnlockReason(MAIL, null, "unlock", "");

    @TempDir
    Path state;

    private final ModelToken token = ModelToken.withPin("123456");
    private final PersonPrompt person = new PersonPrompt(true);
    private final List<String> journal = new ArrayList<>();
    private boolean journalFails;
    private PromptedUnlock unlock;

    @BeforeEach
    void start() throws IOException {
        UnlockSettings settings = new UnlockSettings(
                List.of(person),
                Duration.ofSeconds(20),
                Duration.ofMinutes(10),
                Duration.ofHours(2),
                OptionalInt.empty());
        unlock = new PromptedUnlock(
                unused -> settings, PinLedger.open(state, state), new EventBus(), LoginClock.SYSTEM, new Journal());
    }

    private final class Journal implements LoginJournal {
        @Override
        public void began(Token of, Caller caller) throws UnlockException {
            if (journalFails) {
                throw new UnlockException(ErrorCode.INTERNAL, "the disk is full");
            }
            journal.add("began for " + caller.program());
        }

        @Override
        public void ended(Token of, String why) {
            journal.add("ended: " + why);
        }
    }

    private void send(String pin) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = pin.getBytes(StandardCharsets.US_ASCII);
            unlock.ensureUnlocked(token, LOGIN, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), EventSink.NONE);
        }
    }

    private ErrorCode codeOf(String pin) {
        return catchThrowableOfType(UnlockException.class, () -> send(pin)).code();
    }

    @Test
    @DisplayName("unlocks when it is right, and nobody is asked")
    void right() throws Exception {
        send("123456");
        assertThat(token.state()).isInstanceOf(TokenState.LoggedIn.class);
        assertThat(token.presented()).containsExactly("123456");
        assertThat(person.pinRequests()).isEmpty();
        unlock.lock(token);
        assertThat(journal).containsExactly("began for /usr/bin/mail", "ended: it was asked for");
    }

    @Test
    @DisplayName("is one counted try when it is wrong, and is not sent again")
    void wrong() {
        assertThat(codeOf("999999")).isEqualTo(ErrorCode.PIN_INCORRECT);
        assertThat(codeOf("999999")).isEqualTo(ErrorCode.PIN_INCORRECT);
        assertThat(token.presented()).containsExactly("999999");
        assertThat(journal).isEmpty();
    }

    @Test
    @DisplayName("never takes the last try: then the person is asked")
    void lastTry() throws Exception {
        assertThat(codeOf("999999")).isEqualTo(ErrorCode.PIN_INCORRECT);
        assertThat(codeOf("888888")).isEqualTo(ErrorCode.PIN_INCORRECT);
        person.types("123456");
        send("777777");
        assertThat(token.presented()).containsExactly("999999", "888888", "123456");
        assertThat(person.pinRequests()).hasSize(1);
    }

    @Test
    @DisplayName("is not looked at when there is none in it, or more than a token takes")
    void lengths() throws Exception {
        person.types("123456");
        send("");
        unlock.lock(token);
        send("1".repeat(5000));
        assertThat(token.presented()).containsExactly("123456", "123456");
    }

    @Test
    @DisplayName("does not unlock when there can be no record of it")
    void noRecord() {
        journalFails = true;
        assertThat(codeOf("123456")).isEqualTo(ErrorCode.INTERNAL);
        assertThat(token.state()).isInstanceOf(TokenState.LoggedOut.class);
    }
}
