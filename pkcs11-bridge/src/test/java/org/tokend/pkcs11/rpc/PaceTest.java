package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(7);
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(300);

    private final Pace pace = new Pace();

    @Test
    @DisplayName("Nobody else is woken for a signature that waits for some other programs' ones, but for one of a card")
    void length() {
        pace.ran(Call.SIGN, CallWeight.HEAVY, SHORT, false);
        assertThat(pace.needsOtherReader(Call.SIGN, CallWeight.HEAVY)).isFalse();
        pace.ran(Call.SIGN, CallWeight.HEAVY, LONG, false);
        assertThat(pace.needsOtherReader(Call.SIGN, CallWeight.HEAVY)).isTrue();
        assertThat(pace.needsOtherReader(Call.DECRYPT, CallWeight.HEAVY)).isFalse();
    }

    @Test
    @DisplayName("Once calls have come while others ran, another thread reads, until none has for a while")
    void ahead() {
        pace.ran(Call.SIGN, CallWeight.HEAVY, SHORT, true);
        assertThat(pace.needsOtherReader(Call.SIGN, CallWeight.HEAVY)).isTrue();
        assertThat(pace.needsOtherReader(Call.GET_ATTRIBUTE_VALUE, CallWeight.LIGHT))
                .isFalse();
        for (int i = 0; i < 32; i++) {
            pace.ran(Call.SIGN, CallWeight.HEAVY, SHORT, false);
        }
        assertThat(pace.needsOtherReader(Call.SIGN, CallWeight.HEAVY)).isFalse();
    }

    @Test
    @DisplayName("What waits for a person never keeps other calls waiting, not even the first time")
    void blocking() {
        assertThat(pace.needsOtherReader(Call.LOGIN, CallWeight.BLOCKING)).isTrue();
        assertThat(pace.needsOtherReader(Call.FINALIZE, CallWeight.ALONE)).isFalse();
    }
}
