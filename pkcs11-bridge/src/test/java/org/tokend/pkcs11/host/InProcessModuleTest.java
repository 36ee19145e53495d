package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

@DisplayName("A module in this process")
class InProcessModuleTest {
    private final SoftHsmToken token = SoftHsmToken.create();
    private final InProcessModule module =
            new InProcessModule(ModuleSettings.of("soft", token.modulePath()).withEnvironment(Map.of()), HostLog.NONE);

    @AfterEach
    void close() {
        module.close();
        token.close();
    }

    private Cryptoki connect() throws Exception {
        return token.inEnvironment(module::connect);
    }

    @Test
    @DisplayName("is one and the same for all connections, and giving one back does not finalize it")
    void shared() throws Exception {
        Cryptoki first = connect();
        Cryptoki second = connect();
        long slot = first.getSlotList(true)[0];
        long session = first.openSession(slot, CKF.SERIAL_SESSION);
        first.close();
        assertThat(second.getSessionInfo(session).slot()).isEqualTo(slot);
    }

    @Test
    @DisplayName("tells what the functions return")
    void failures() throws Exception {
        assertThatThrownBy(() -> connect().getSessionInfo(4711))
                .isInstanceOf(CryptokiException.class)
                .extracting("returnValue")
                .isEqualTo(CKR.SESSION_HANDLE_INVALID);
    }

    @Test
    @DisplayName("is finalized and initialised again on a restart: what came before is lost")
    void restart() throws Exception {
        Cryptoki before = connect();
        long generation = module.generation();
        module.restart(generation, "for a test");
        assertThat(module.generation()).isEqualTo(generation + 1);
        assertThatThrownBy(() -> before.getSlotList(true)).isInstanceOf(ConnectionLostException.class);
        assertThat(connect().getSlotList(true)).isNotEmpty();
    }

    @Test
    @DisplayName("cannot be had any more when it has been closed")
    void closed() throws Exception {
        connect();
        module.close();
        assertThatThrownBy(this::connect).hasMessageContaining("module soft has been closed");
    }
}
