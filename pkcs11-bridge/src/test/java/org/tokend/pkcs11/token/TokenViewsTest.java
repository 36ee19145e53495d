package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TokenViewsTest {

    private static Duration pauseAfter(Duration look) {
        return Duration.ofNanos(TokenViews.pauseAfter(look.toNanos()));
    }

    @Test
    @DisplayName("A token with few objects is looked at every three seconds")
    void few() {
        assertThat(pauseAfter(Duration.ZERO)).isEqualTo(Duration.ofSeconds(3));
        assertThat(pauseAfter(Duration.ofMillis(30))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("Looks at many objects take a hundredth of the time")
    void many() {
        assertThat(pauseAfter(Duration.ofMillis(200))).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("However long a look takes, there is one each minute")
    void longest() {
        assertThat(pauseAfter(Duration.ofMinutes(5))).isEqualTo(Duration.ofMinutes(1));
    }
}
