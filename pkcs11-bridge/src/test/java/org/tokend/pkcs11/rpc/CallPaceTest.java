package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CallPaceTest {
    private static final int PROCESSORS = 4;

    private final CallPace pace = new CallPace(PROCESSORS);

    private void took(Call call, long wallMicros, long processorMicros) {
        pace.of(call).took(TimeUnit.MICROSECONDS.toNanos(wallMicros), TimeUnit.MICROSECONDS.toNanos(processorMicros));
    }

    private CallPace.Way amongOthers(Call call) {
        return pace.begins(call, false);
    }

    private CallPace.Way alone(Call call) {
        return pace.begins(call, true);
    }

    @Test
    @DisplayName("A call of which nothing is known is run at once, unless it waits for a person or an event")
    void unknown() {
        assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.SHORT);
        assertThat(alone(Call.LOGIN)).isEqualTo(CallPace.Way.WAITING);
        assertThat(alone(Call.WAIT_FOR_SLOT_EVENT)).isEqualTo(CallPace.Way.WAITING);
        assertThat(alone(Call.GENERATE_KEY_PAIR)).isEqualTo(CallPace.Way.WAITING);
    }

    @Test
    @DisplayName("A P-256 signature in software is short, also when a busy machine makes some of them long")
    void shortCall() {
        for (int i = 0; i < 100; i++) {
            took(Call.SIGN, i % 5 == 0 ? 60 : 4_000, 55);
            assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.SHORT);
        }
        assertThat(pace.leaders()).isEqualTo(1);
    }

    @Test
    @DisplayName("RSA in software computes: as many at once as there are processors, until short calls come in a row")
    void computing() {
        took(Call.SIGN, 600, 590);
        assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.COMPUTING);
        assertThat(pace.leaders()).isEqualTo(PROCESSORS);
        for (int i = 0; i < 1000; i++) {
            assertThat(amongOthers(Call.SIGN_INIT)).isEqualTo(CallPace.Way.SHORT);
            assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.COMPUTING);
        }
        assertThat(pace.leaders()).isEqualTo(PROCESSORS);
        for (int i = 0; i < 100; i++) {
            amongOthers(Call.SIGN_INIT);
        }
        assertThat(pace.leaders()).isEqualTo(1);
    }

    @Test
    @DisplayName("A lone program's call wakes nobody, unless it takes longer than others could bear who come")
    void lone() {
        took(Call.SIGN, 600, 590);
        assertThat(alone(Call.SIGN)).isEqualTo(CallPace.Way.SHORT);
        took(Call.DECRYPT, 80_000, 200);
        assertThat(alone(Call.DECRYPT)).isEqualTo(CallPace.Way.WAITING);
    }

    @Test
    @DisplayName(
            "A card and a network HSM are waited for, and so is an HSM that is quick, so that its calls run side by side")
    void devices() {
        took(Call.DECRYPT, 80_000, 200);
        assertThat(amongOthers(Call.DECRYPT)).isEqualTo(CallPace.Way.WAITING);
        took(Call.SIGN, 200, 20);
        assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.WAITING);
        assertThat(pace.leaders()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "A device is known by one call; it counts as quick again when eight in a row were, not when one failed quickly")
    void device() {
        took(Call.SIGN, 60, 55);
        took(Call.SIGN, 90_000, 300);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 7; i++) {
                took(Call.SIGN, 60, 55);
                assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.WAITING);
            }
            took(Call.SIGN, 90_000, 300);
        }
        for (int i = 0; i < 8; i++) {
            took(Call.SIGN, 60, 55);
        }
        assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.SHORT);
    }

    @Test
    @DisplayName("What computes longer than it did is known after eight calls, what computes less after one")
    void changed() {
        took(Call.SIGN, 60, 55);
        for (int i = 0; i < 16; i++) {
            took(Call.SIGN, 600, 590);
        }
        assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.COMPUTING);
        took(Call.SIGN, 60, 55);
        assertThat(amongOthers(Call.SIGN)).isEqualTo(CallPace.Way.SHORT);
    }

    @Test
    @DisplayName("Each call is measured while it is long or unknown, one in eight while it is short")
    void measured() {
        assertThat(pace.of(Call.SIGN).isDue()).isTrue();
        took(Call.SIGN, 600, 590);
        assertThat(pace.of(Call.SIGN).isDue()).isTrue();
        took(Call.SIGN, 60, 55);
        for (int i = 1; i < 8; i++) {
            assertThat(pace.of(Call.SIGN).isDue()).isFalse();
        }
        assertThat(pace.of(Call.SIGN).isDue()).isTrue();
    }
}
