package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Module, slots, tokens, mechanisms, random numbers. */
interface InfoContract extends ContractSubject {
    long NO_SLOT = 987_654_321L;

    @DisplayName("says who made the module")
    @Test
    default void moduleInfo() throws CryptokiException {
        ModuleInfo info = cryptoki().getInfo();
        assertThat(info.manufacturer()).isEqualTo("SoftHSM");
        assertThat(info.libraryDescription()).isEqualTo("Implementation of PKCS11");
        assertThat(info.cryptokiVersion().major()).isEqualTo(2);
        assertThat(info.libraryVersion()).isEqualTo(new Version(2, 6));
    }

    @DisplayName("lists the slots and describes them, texts without padding")
    @Test
    default void slots() throws CryptokiException {
        long slot = TestSession.slot(cryptoki(), token());
        assertThat(cryptoki().getSlotList(false)).contains(slot);
        SlotInfo info = cryptoki().getSlotInfo(slot);
        assertThat(info.flags() & CKF.TOKEN_PRESENT).isNotZero();
        assertThat(info.manufacturer()).isEqualTo("SoftHSM project");
        assertThat(info.description()).startsWith("SoftHSM slot ID").doesNotEndWith(" ");
    }

    @DisplayName("describes the token: label, serial, model and flags")
    @Test
    default void tokenInfo() throws CryptokiException {
        TokenInfo info = cryptoki().getTokenInfo(TestSession.slot(cryptoki(), token()));
        assertThat(info.label()).isEqualTo(token().label());
        assertThat(info.serial()).isEqualTo(token().serial());
        assertThat(info.model()).isEqualTo("SoftHSM v2");
        assertThat(info.manufacturer()).isEqualTo("SoftHSM project");
        assertThat(info.flags() & CKF.TOKEN_INITIALIZED).isNotZero();
        assertThat(info.flags() & CKF.LOGIN_REQUIRED).isNotZero();
        assertThat(info.minPinLength()).isEqualTo(4);
        assertThat(info.maxPinLength()).isEqualTo(255);
        assertThat(info.freePublicMemory()).isEqualTo(-1);
        assertThat(info.maxSessionCount()).isZero();
    }

    @DisplayName("lists the mechanisms with key sizes and flags")
    @Test
    default void mechanisms() throws CryptokiException {
        long slot = TestSession.slot(cryptoki(), token());
        assertThat(cryptoki().getMechanismList(slot))
                .contains(CKM.RSA_PKCS, CKM.ECDSA, CKM.SHA256)
                .doesNotHaveDuplicates();
        MechanismInfo info = cryptoki().getMechanismInfo(slot, CKM.RSA_PKCS);
        assertThat(info.maxKeySize()).isEqualTo(16384);
        assertThat(info.flags() & CKF.SIGN).isNotZero();
        assertThat(info.flags() & CKF.DECRYPT).isNotZero();
    }

    @DisplayName("answers an unknown slot and an unknown mechanism with their own return values")
    @Test
    default void unknownSlot() throws CryptokiException {
        long slot = TestSession.slot(cryptoki(), token());
        assertFails("C_GetSlotInfo", CKR.SLOT_ID_INVALID, () -> cryptoki().getSlotInfo(NO_SLOT));
        assertFails("C_GetTokenInfo", CKR.SLOT_ID_INVALID, () -> cryptoki().getTokenInfo(NO_SLOT));
        assertFails("C_GetMechanismList", CKR.SLOT_ID_INVALID, () -> cryptoki().getMechanismList(NO_SLOT));
        assertFails("C_OpenSession", CKR.SLOT_ID_INVALID, () -> cryptoki().openSession(NO_SLOT, CKF.SERIAL_SESSION));
        assertFails(
                "C_GetMechanismInfo", CKR.MECHANISM_INVALID, () -> cryptoki().getMechanismInfo(slot, VENDOR_MECHANISM));
    }

    @DisplayName("knows that nothing happened in any slot")
    @Test
    default void noSlotEvent() throws Exception {
        unlessLacking(
                "C_WaitForSlotEvent",
                () -> cryptoki().waitForSlotEvent(CKF.DONT_BLOCK),
                () -> assertFails(
                        "C_WaitForSlotEvent", CKR.NO_EVENT, () -> cryptoki().waitForSlotEvent(CKF.DONT_BLOCK)));
    }

    @DisplayName("initialises the free slot's token, label in UTF-8")
    @Test
    default void initToken() throws CryptokiException {
        for (long slot : cryptoki().getSlotList(true)) {
            if ((cryptoki().getTokenInfo(slot).flags() & CKF.TOKEN_INITIALIZED) == 0) {
                try (Arena arena = Arena.ofConfined()) {
                    cryptoki().initToken(slot, TestSession.segment(arena, "so-pin-1".getBytes(US_ASCII)), "Schlüssel");
                }
                assertThat(cryptoki().getTokenInfo(slot).label()).isEqualTo("Schlüssel");
                assertFails("C_InitToken", CKR.ARGUMENTS_BAD, () -> cryptoki().initToken(slot, null, "x".repeat(33)));
                return;
            }
        }
        throw new AssertionError("SoftHSM has no free slot");
    }

    @DisplayName("makes random numbers and takes a seed")
    @Test
    default void random() throws CryptokiException {
        try (TestSession session = TestSession.open(cryptoki(), token())) {
            cryptoki().seedRandom(session.handle(), new byte[] {1, 2, 3});
            byte[] random = cryptoki().generateRandom(session.handle(), 4096);
            assertThat(random).hasSize(4096).isNotEqualTo(cryptoki().generateRandom(session.handle(), 4096));
            // The tail too: a wrapper that filled only a part would leave zeros.
            assertThat(Arrays.copyOfRange(random, 4064, 4096)).isNotEqualTo(new byte[32]);
        }
    }
}
