package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;

class HostEndsDuringLookTest {
    private final AtomicInteger looks = new AtomicInteger();
    private SoftHsmRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = SoftHsmRig.on(SoftHsmToken.create());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** @param times so many looks in a row */
    private void cutOff(int times, boolean deadlinePassed) {
        rig.module().script(call -> {
            if (call.name().equals("getSlotList") && looks.incrementAndGet() <= times) {
                throw new ConnectionLostException("C_GetSlotList", deadlinePassed);
            }
            return call.proceed();
        });
    }

    @Test
    @DisplayName("A module host that ends during a look takes no token away: the next one is looked at")
    void once() throws Exception {
        cutOff(1, false);
        rig.tokens().scan();
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
    }

    @Test
    @DisplayName("When that ends, too, the module cannot be used")
    void twice() {
        cutOff(2, false);
        assertThatThrownBy(() -> rig.tokens().scan())
                .isInstanceOf(TokenException.ModuleUnavailable.class)
                .hasMessageContaining("C_GetSlotList was cut off");
        assertThat(rig.token().state()).isInstanceOf(TokenState.Failed.class);
    }

    @Test
    @DisplayName("One that did not answer in time is not asked a second time")
    void slow() {
        cutOff(1, true);
        assertThatThrownBy(() -> rig.tokens().scan()).isInstanceOf(TokenException.ModuleUnavailable.class);
        assertThat(looks).hasValue(1);
    }
}
