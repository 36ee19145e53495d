package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.prompt.PersonPrompt;
import org.tokend.daemon.prompt.PinPrompt;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.ErrorCode;

/** Unlocks a token that is a model, with a person and a file whose answers are told, and time that passes when told. */
final class PromptedUnlockRig {
    private static final Caller MAIL =
            new Caller(1000, 1000, 4711, "/usr/bin/mail", Caller.Sandbox.UNKNOWN, Front.VARLINK);
    static final KeyDescriptor KEY = new SoftwareToken("Model").addAskingEachTime(TestKey.RSA_2048_A, "mail");
    static final UnlockReason SIGN = new UnlockReason(MAIL, null, "sign", "a letter");

    private final Path state;
    private final Path runtime;
    private final ModelToken token = ModelToken.withPin("123456");
    private final PersonPrompt person = new PersonPrompt(true);
    private final PersonPrompt file = new PersonPrompt(false);
    private final EventBus bus = new EventBus();
    private final TestClock clock = new TestClock();
    private PromptedUnlock unlock;

    static final class TestClock implements LoginClock {
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

    PromptedUnlockRig(Path state, Path runtime) throws IOException {
        this.state = state;
        this.runtime = runtime;
        this.unlock = unlock(List.of(person), OptionalInt.empty());
    }

    /** As after a restart of the daemon, with another configuration. */
    void withPrompts(List<PinPrompt> prompts, OptionalInt tries) throws IOException {
        unlock = unlock(prompts, tries);
    }

    private PromptedUnlock unlock(List<PinPrompt> prompts, OptionalInt tries) throws IOException {
        UnlockSettings settings =
                new UnlockSettings(prompts, Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ofHours(2), tries);
        return new PromptedUnlock(unused -> settings, PinLedger.open(state, runtime), bus, clock, LoginJournal.NONE);
    }

    PromptedUnlock unlock() {
        return unlock;
    }

    ModelToken token() {
        return token;
    }

    PersonPrompt person() {
        return person;
    }

    PersonPrompt file() {
        return file;
    }

    EventBus bus() {
        return bus;
    }

    TestClock clock() {
        return clock;
    }

    void ensure() throws Exception {
        unlock.ensureUnlocked(token, SIGN, EventSink.NONE);
    }

    UnlockException refused() {
        return catchThrowableOfType(UnlockException.class, this::ensure);
    }

    ErrorCode code() {
        UnlockException refusal = refused();
        assertThat(refusal).isNotNull();
        return refusal.code();
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
