package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenViewsTest {

    private static Duration pauseAfter(Duration look, boolean inUse) {
        return Duration.ofNanos(TokenViews.pauseAfter(look.toNanos(), inUse));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("A token with few objects is looked at every three seconds")
    void few(boolean inUse) {
        assertThat(pauseAfter(Duration.ZERO, inUse)).isEqualTo(Duration.ofSeconds(3));
        assertThat(pauseAfter(Duration.ofMillis(30), inUse)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("Looks at many objects take a twentieth of the time, and a hundredth while somebody signs")
    void many() {
        assertThat(pauseAfter(Duration.ofMillis(200), false)).isEqualTo(Duration.ofSeconds(4));
        assertThat(pauseAfter(Duration.ofMillis(200), true)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("While somebody signs there is a look each minute, unless that were more than a twentieth of the time")
    void longest() {
        assertThat(pauseAfter(Duration.ofSeconds(2), true)).isEqualTo(Duration.ofMinutes(1));
        assertThat(pauseAfter(Duration.ofSeconds(6), true)).isEqualTo(Duration.ofMinutes(2));
    }
}
