package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whether one connection has all the attention")
class CrowdTest {
    private final Crowd crowd = new Crowd();
    private final Object one = "one";
    private final Object other = "other";

    private void requests(Object connection, int count) {
        IntStream.range(0, count).forEach(i -> crowd.isOneFor(connection));
    }

    @Test
    @DisplayName("It has after a few requests in a row")
    void alone() {
        assertThat(crowd.isOneFor(one)).isFalse();
        requests(one, 20);
        assertThat(crowd.isOneFor(one)).isTrue();
    }

    @Test
    @DisplayName("It has not while another comes in between, and the other neither")
    void inTurns() {
        requests(one, 20);
        for (int i = 0; i < 20; i++) {
            assertThat(crowd.isOneFor(other)).isFalse();
            assertThat(crowd.isOneFor(one)).isFalse();
        }
    }

    @Test
    @DisplayName("What is known of a connection that has ended is forgotten")
    void left() {
        requests(one, 20);
        crowd.left(one);
        assertThat(crowd.isOneFor(one)).isFalse();
    }
}
