package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.TokenInfo;

class SlotsTest {
    private final ApplicationRig rig = new ApplicationRig();
    private final Application application = rig.application;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    @DisplayName("Readers are shown with and without a token; blank tokens to those who may initialise them")
    void list() throws Exception {
        long empty = rig.gate.add(null, false);
        long blank = rig.gate.add(null, true);
        assertThat(application.getSlotList(false)).containsExactly(rig.slot, empty);
        assertThat(application.getSlotList(true)).containsExactly(rig.slot);
        assertThat(application.getSlotInfo(rig.slot).flags() & CKF.TOKEN_PRESENT)
                .isNotZero();
        assertThat(application.getSlotInfo(empty).flags() & CKF.TOKEN_PRESENT).isZero();
        refused(CKR.SLOT_ID_INVALID, () -> application.getSlotInfo(blank));
        refused(CKR.SLOT_ID_INVALID, () -> application.getTokenInfo(99));
        refused(CKR.TOKEN_NOT_PRESENT, () -> application.getTokenInfo(empty));
        rig.gate.manages = true;
        assertThat(application.getSlotList(true)).containsExactly(rig.slot, blank);
        assertThat(application.getTokenInfo(blank).flags() & CKF.TOKEN_INITIALIZED)
                .isZero();
        refused(CKR.TOKEN_NOT_RECOGNIZED, () -> application.openSession(blank, ApplicationRig.READ_ONLY));
    }

    @Test
    @DisplayName("The token is shown as it is, but the PIN is asked for by the daemon")
    void tokenInfo() throws Exception {
        rig.open();
        rig.openReadWrite();
        TokenInfo info = application.getTokenInfo(rig.slot);
        assertThat(info.label()).isEqualTo("one");
        assertThat(info.serial()).isEqualTo("0001");
        assertThat(info.flags() & CKF.PROTECTED_AUTHENTICATION_PATH).isNotZero();
        assertThat(info.flags() & CKF.LOGIN_REQUIRED).isNotZero();
        assertThat(info.flags() & CKF.USER_PIN_COUNT_LOW).isNotZero();
        assertThat(info.flags() & CKF.DUAL_CRYPTO_OPERATIONS).isZero();
        assertThat(info.sessionCount()).isEqualTo(2);
        assertThat(info.rwSessionCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("Mechanisms are those of the token that are done here and that the gate offers")
    void mechanisms() throws Exception {
        rig.gate.withheldMechanisms.add(CKM.ECDSA_SHA1);
        assertThat(application.getMechanismList(rig.slot))
                .contains(CKM.RSA_PKCS, CKM.ECDSA, CKM.SHA256, CKM.ECDH1_DERIVE)
                .doesNotContain(CKM.ECDSA_SHA1, CKM.AES_CBC, CKM.RSA_X_509, CKM.RSA_PKCS_KEY_PAIR_GEN)
                .isSorted();
        assertThat(application.getMechanismInfo(rig.slot, CKM.RSA_PKCS).flags())
                .isEqualTo(CKF.HW | CKF.SIGN | CKF.VERIFY | CKF.ENCRYPT | CKF.DECRYPT);
        assertThat(application.getMechanismInfo(rig.slot, CKM.RSA_PKCS).maxKeySize())
                .isEqualTo(4096);
        refused(CKR.MECHANISM_INVALID, () -> application.getMechanismInfo(rig.slot, CKM.AES_CBC));
        refused(CKR.MECHANISM_INVALID, () -> application.getMechanismInfo(rig.slot, CKM.ECDSA_SHA1));
        refused(CKR.SLOT_ID_INVALID, () -> application.getMechanismList(99));
        rig.gate.manages = true;
        assertThat(application.getMechanismList(rig.slot)).contains(CKM.RSA_PKCS_KEY_PAIR_GEN);
        assertThat(application.getMechanismInfo(rig.slot, CKM.RSA_PKCS).flags() & CKF.UNWRAP)
                .isNotZero();
    }

    @Test
    @DisplayName("A change in a slot is told once")
    void eventsAtOnce() throws Exception {
        refused(CKR.NO_EVENT, () -> application.waitForSlotEvent(CKF.DONT_BLOCK));
        rig.gate.put(rig.slot, null);
        assertThat(application.waitForSlotEvent(CKF.DONT_BLOCK)).isEqualTo(rig.slot);
        refused(CKR.NO_EVENT, () -> application.waitForSlotEvent(CKF.DONT_BLOCK));
    }

    private CompletableFuture<Long> waiting() {
        CompletableFuture<Long> event = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                event.complete(application.waitForSlotEvent(0));
            } catch (CryptokiException e) {
                event.complete(-e.returnValue());
            }
        });
        Awaitility.await().until(() -> rig.gate.asked.contains("await"));
        return event;
    }

    @Test
    @DisplayName("Waiting for a change ends with the change")
    void eventsBlocking() throws Exception {
        CompletableFuture<Long> event = waiting();
        long added = rig.gate.add(new FakeToken("other"), false);
        assertThat(event.get(20, TimeUnit.SECONDS)).isEqualTo(added);
    }

    @Test
    @DisplayName("Waiting for a change ends with the application")
    void eventsEnd() throws Exception {
        CompletableFuture<Long> event = waiting();
        application.close();
        assertThat(event.get(20, TimeUnit.SECONDS)).isEqualTo(-CKR.CRYPTOKI_NOT_INITIALIZED);
        refused(CKR.CRYPTOKI_NOT_INITIALIZED, () -> application.waitForSlotEvent(0));
    }
}
