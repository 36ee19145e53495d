package org.tokend.daemon.rejection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.pkcs11.KeyFingerprint;

class DecryptBudgetTest {
    private static final KeyFingerprint KEY = KeyFingerprint.of(new byte[] {1});

    private final AtomicLong clock = new AtomicLong();
    private final DecryptBudget budget = new DecryptBudget(3, clock::get);

    private static Caller program(String path) {
        return new Caller(1000, 1000, 42, path, Caller.Sandbox.NONE, Front.VARLINK);
    }

    private boolean spend(String program, int ciphertext) {
        return budget.spend(program(program), KEY, new byte[] {(byte) ciphertext});
    }

    @Test
    @DisplayName("The fourth different ciphertext in a minute is too many; the same ones again cost nothing")
    void limit() {
        for (int round = 0; round < 5; round++) {
            assertThat(spend("/a", 1) && spend("/a", 2) && spend("/a", 3)).isTrue();
        }
        assertThat(spend("/a", 4)).isFalse();
        assertThat(spend("/a", 1)).isTrue();
    }

    @Test
    @DisplayName("After a minute there is room again")
    void window() {
        spend("/a", 1);
        spend("/a", 2);
        spend("/a", 3);
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(spend("/a", 4)).isFalse();
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(spend("/a", 4)).isTrue();
    }

    @Test
    @DisplayName("Programs and keys have budgets of their own")
    void separate() {
        for (int i = 0; i < 4; i++) {
            spend("/a", i);
        }
        assertThat(spend("/b", 9)).isTrue();
        assertThat(budget.spend(program("/a"), KeyFingerprint.of(new byte[] {2}), new byte[] {9}))
                .isTrue();
    }

    @Test
    @DisplayName("The person's word renews the budget")
    void renewed() {
        for (int i = 0; i < 4; i++) {
            spend("/a", i);
        }
        budget.renew(program("/a"), KEY);
        assertThat(spend("/a", 9)).isTrue();
    }
}
