package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.PersonPrompt;
import org.tokend.daemon.prompt.PromptAnswer;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;

/**
 * Ten thousand lives of a card that locks after three wrong PINs, whose flags are there, missing or lying: daemons that are
 * restarted, files with stale PINs, people who mistype, tokens that fail in the middle.
 */
@Timeout(300)
class PinPolicyRandomTest {
    private static final int SCENARIOS = 2_500;
    private static final Caller MAIL =
            new Caller(1000, 1000, 4711, "/usr/bin/mail", Caller.Sandbox.UNKNOWN, Front.VARLINK);
    private static final UnlockReason SIGN = new UnlockReason(MAIL, null, "sign", "");

    /** In memory where there is such a place: each try waits for the disk twice, and there are tens of thousands. */
    @TempDir(factory = InMemory.class)
    Path state;

    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "pin-policy")
                    : Files.createTempDirectory("pin-policy");
        }
    }

    @RepeatedTest(4)
    @DisplayName("No card is locked by the daemon, and no more tries are spent than PINs were typed")
    void neverLocks(RepetitionInfo repetition) throws Exception {
        for (int i = 0; i < SCENARIOS; i++) {
            long seed = repetition.getCurrentRepetition() * 1_000_000L + i;
            new Life(new Random(seed), seed).run();
        }
    }

    private final class Life {
        private final Random random;
        private final long seed;
        private final ModelToken token;
        private final PersonPrompt person = new PersonPrompt(true);
        private final PersonPrompt file = new PersonPrompt(false);
        private final FingerprintKey key = FingerprintKey.random();
        private final Path directory;
        private final Set<String> typed = new HashSet<>();
        private boolean fileUsed;
        private PromptedUnlock unlock;

        Life(Random random, long seed) throws IOException {
            this.random = random;
            this.seed = seed;
            this.directory = Files.createDirectory(state.resolve(Long.toString(seed)));
            ModelToken.Honesty[] kinds = ModelToken.Honesty.values();
            this.token = new ModelToken("s" + seed, "123456", 3, kinds[random.nextInt(kinds.length)]);
            person.answers(this::typedPin);
            person.consents(this::consent);
            file.types(random.nextInt(3) == 0 ? "123456" : "000000");
            this.unlock = daemon();
        }

        private PromptedUnlock daemon() {
            UnlockSettings settings = new UnlockSettings(
                    random.nextBoolean() ? List.of(file, person) : List.of(person),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(10),
                    Duration.ofHours(2),
                    random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(3));
            fileUsed |= settings.prompts().size() == 2;
            return new PromptedUnlock(
                    unused -> settings,
                    new PinLedger(directory, key, "boot"),
                    new EventBus(),
                    LoginClock.SYSTEM,
                    LoginJournal.NONE);
        }

        private PromptAnswer typedPin() {
            if (random.nextInt(5) == 0) {
                return new PromptAnswer.Cancelled();
            }
            String pin = random.nextInt(3) == 0 ? "123456" : "1234" + random.nextInt(4);
            typed.add(pin);
            return PersonPrompt.typed(pin);
        }

        /** This person never risks the last try: whatever locks the card was not their doing. */
        private PromptAnswer consent() {
            return new PromptAnswer.Cancelled();
        }

        void run() throws Exception {
            for (int step = 0; step < 12; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> unlock = daemon();
                    case 1 -> token.failNextLogin(new TokenException.Failed("CKR_GENERAL_ERROR", 5));
                    case 2 -> token.logout();
                    default -> ask();
                }
                assertThat(token.lockedForGood()).as("seed %d", seed).isFalse();
            }
            long wrong = token.presented().stream()
                    .filter(pin -> !pin.equals("123456"))
                    .count();
            assertThat(wrong).as("seed %d", seed).isLessThanOrEqualTo(wrongEntries());
        }

        /** Each wrong PIN may be sent once between two right ones. */
        private long wrongEntries() {
            long rights = token.presented().stream().filter("123456"::equals).count();
            long wrongs = typed.stream().filter(pin -> !pin.equals("123456")).count() + (fileUsed ? 1 : 0);
            return wrongs * (rights + 1);
        }

        private void ask() throws IOException {
            Set<String> sinceRight = new HashSet<>();
            int from = token.presented().lastIndexOf("123456") + 1;
            List<String> presentedBefore = token.presented();
            sinceRight.addAll(presentedBefore.subList(from, presentedBefore.size()));
            try {
                unlock.ensureUnlocked(token, SIGN, EventSink.NONE);
                assertThat(token.state()).isInstanceOf(TokenState.LoggedIn.class);
            } catch (UnlockException | TokenException e) {
                assertThat(token.state()).as("seed %d", seed).isInstanceOf(TokenState.LoggedOut.class);
            }
            List<String> presented = token.presented();
            assertThat(presented.subList(presentedBefore.size(), presented.size()))
                    .as("seed %d: never a PIN that was refused since the last right one", seed)
                    .hasSizeLessThanOrEqualTo(1)
                    .noneMatch(sinceRight::contains);
        }
    }
}
