package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StartLimitTest {
    private static final long START = Long.MAX_VALUE - 5; // The clock may wrap.

    private final StartLimit limit = new StartLimit(5);

    private static long at(Duration time) {
        return START + time.toNanos();
    }

    @Test
    @DisplayName("The first time it starts at once, then after pauses that double")
    void pauses() {
        assertThat(limit.waitNanos(START)).isZero();
        limit.ended(START);
        assertThat(limit.waitNanos(START)).isZero();
        limit.ended(START);
        assertThat(limit.waitNanos(START)).isEqualTo(Duration.ofMillis(50).toNanos());
        limit.ended(START);
        assertThat(limit.waitNanos(START)).isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(limit.waitNanos(at(Duration.ofMillis(100)))).isZero();
    }

    @Test
    @DisplayName("Five endings within a minute stop it for the cool-down")
    void trips() {
        for (int i = 0; i < 5; i++) {
            limit.ended(at(Duration.ofSeconds(i)));
        }
        assertThat(limit.tripped()).isTrue();
        assertThat(limit.waitNanos(at(Duration.ofSeconds(4)))).isEqualTo(StartLimit.COOL_DOWN.toNanos());
        assertThat(limit.waitNanos(at(Duration.ofSeconds(34)))).isZero();
    }

    @Test
    @DisplayName("Endings that are more than a minute apart are forgotten")
    void forgets() {
        for (int i = 0; i < 20; i++) {
            limit.ended(at(Duration.ofSeconds(20L * i)));
            assertThat(limit.tripped()).isFalse();
        }
        assertThat(limit.waitNanos(at(Duration.ofHours(1)))).isZero();
    }
}
