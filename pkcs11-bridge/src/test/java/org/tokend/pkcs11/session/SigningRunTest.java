package org.tokend.pkcs11.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.SignInit;

class SigningRunTest {
    private static final SignInit KEY = new SignInit(Mechanism.of(CKM.ECDSA), 3);
    private static final SignInit OTHER = new SignInit(Mechanism.of(CKM.ECDSA), 4);
    private static final long SESSION = 11;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final SigningRun run = new SigningRun(PAUSE);
    private long now;

    private long next(@Nullable SignInit wanted) {
        return run.next(wanted, 1, ++now);
    }

    /** Its number. */
    private long longRun() {
        for (int i = 1; i < SigningRun.ENOUGH; i++) {
            next(KEY);
        }
        return next(KEY);
    }

    private void begun() {
        assertThat(run.begin(SESSION, longRun())).isTrue();
    }

    @Test
    @DisplayName("Some signatures of a kind in a row are a run")
    void enough() {
        for (int i = 1; i < SigningRun.ENOUGH; i++) {
            next(KEY);
            assertThat(run.goesOn()).isFalse();
        }
        next(KEY);
        assertThat(run.goesOn()).isTrue();
    }

    @Test
    @DisplayName("What has begun is for the next of the run, once")
    void once() {
        begun();
        next(KEY);
        assertThat(run.takeBegun()).isEqualTo(SESSION);
        assertThat(run.takeBegun()).isNull();
        assertThat(run.takeUnneeded()).isNull();
    }

    @Test
    @DisplayName("Another key, something else, a pause or another generation end a run: what has begun is never used")
    void ends() {
        begun();
        next(OTHER);
        assertNothingBegunFor(OTHER, 1);

        begun();
        next(null);
        assertNothingBegunFor(KEY, 1);

        begun();
        now += PAUSE.toNanos();
        assertNothingBegunFor(KEY, 1);

        begun();
        assertNothingBegunFor(KEY, 2);
    }

    private void assertNothingBegunFor(SignInit wanted, long generation) {
        for (int i = 0; i < SigningRun.ENOUGH; i++) {
            long ignored = run.next(wanted, generation, ++now);
            assertThat(run.takeBegun()).isNull();
        }
        assertThat(run.takeUnneeded()).isEqualTo(SESSION);
        assertThat(run.takeUnneeded()).isNull();
    }

    @Test
    @DisplayName("What begins after its run has ended is not used either")
    void late() {
        long number = longRun();
        next(null);
        longRun();
        assertThat(run.begin(SESSION, number)).isTrue();
        assertNothingBegunFor(KEY, 1);
    }

    @Test
    @DisplayName("No second session begins while one that has is not closed")
    void one() {
        begun();
        assertThat(run.begin(12, next(KEY))).isFalse();
        next(null);
        long number = longRun();
        assertThat(run.begin(12, number)).isFalse();
        assertThat(run.takeAll()).containsExactly(SESSION);
        assertThat(run.begin(12, number)).isTrue();
    }

    @Test
    @DisplayName("Once refused no run goes on, but only where something had begun that could be in the way")
    void refused() {
        run.refuse();
        longRun();
        assertThat(run.goesOn()).isTrue();
        begun();
        run.refuse();
        longRun();
        assertThat(run.goesOn()).isFalse();
        assertThat(run.takeAll()).containsExactly(SESSION);
        run.refuse();
        longRun();
        assertThat(run.goesOn()).isFalse();
    }
}
