package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions, and everything that takes a PIN. */
interface LoginContract extends ContractSubject {
    long NO_SESSION = 987_654_321L;

    @DisplayName("opens, describes and closes sessions")
    @Test
    default void sessions() throws CryptokiException {
        long slot = TestSession.slot(cryptoki(), token());
        long session = cryptoki().openSession(slot, CKF.SERIAL_SESSION);
        assertThat(cryptoki().getSessionInfo(session))
                .isEqualTo(new SessionInfo(slot, CKS.RO_PUBLIC_SESSION, CKF.SERIAL_SESSION, 0));
        cryptoki().closeSession(session);
        assertFails(
                "C_GetSessionInfo", CKR.SESSION_HANDLE_INVALID, () -> cryptoki().getSessionInfo(session));
        assertFails(
                "C_OpenSession",
                CKR.SESSION_PARALLEL_NOT_SUPPORTED,
                () -> cryptoki().openSession(slot, 0));
    }

    @DisplayName("closes all sessions of a slot")
    @Test
    default void closeAllSessions() throws Exception {
        long slot = TestSession.slot(cryptoki(), token());
        long session = cryptoki().openSession(slot, CKF.SERIAL_SESSION);
        try {
            unlessLacking("C_CloseAllSessions", () -> cryptoki().closeAllSessions(slot), () -> {
                cryptoki().closeAllSessions(slot);
                assertFails(
                        "C_GetSessionInfo",
                        CKR.SESSION_HANDLE_INVALID,
                        () -> cryptoki().getSessionInfo(session));
            });
        } finally {
            if (lacking().contains("C_CloseAllSessions")) {
                cryptoki().closeSession(session);
            }
        }
    }

    @DisplayName("answers an unknown session with its own return value everywhere")
    @Test
    default void unknownSession() {
        long invalid = CKR.SESSION_HANDLE_INVALID;
        assertFails(
                "C_Login",
                invalid,
                () -> new TestSession(cryptoki(), NO_SESSION).login(CKU.USER, "irrelevant".getBytes(US_ASCII)));
        assertFails("C_Logout", invalid, () -> cryptoki().logout(NO_SESSION));
        assertFails("C_CreateObject", invalid, () -> cryptoki().createObject(NO_SESSION, List.of()));
        assertFails("C_FindObjectsInit", invalid, () -> cryptoki().findObjectsInit(NO_SESSION, List.of()));
        assertFails("C_FindObjects", invalid, () -> cryptoki().findObjects(NO_SESSION, 10));
        assertFails("C_GetAttributeValue", invalid, () -> cryptoki().getAttributeValue(NO_SESSION, 1, CKA.LABEL));
        assertFails("C_SignInit", invalid, () -> cryptoki().signInit(NO_SESSION, Mechanism.of(CKM.RSA_PKCS), 1));
        assertFails("C_Sign", invalid, () -> cryptoki().sign(NO_SESSION, new byte[32]));
        assertFails("C_DecryptInit", invalid, () -> cryptoki().decryptInit(NO_SESSION, Mechanism.of(CKM.RSA_PKCS), 1));
        assertFails("C_Decrypt", invalid, () -> cryptoki().decrypt(NO_SESSION, new byte[256]));
        assertFails("C_GenerateRandom", invalid, () -> cryptoki().generateRandom(NO_SESSION, 16));
        assertFails("C_CloseSession", invalid, () -> cryptoki().closeSession(NO_SESSION));
    }

    @DisplayName("logs in with the right PIN, for all sessions, and out again")
    @Test
    default void rightPin() throws CryptokiException {
        try (TestSession session = TestSession.open(cryptoki(), token());
                TestSession other = TestSession.open(cryptoki(), token())) {
            assertThat(session.state()).isEqualTo(CKS.RW_PUBLIC_SESSION);
            session.login(CKU.USER, token().pinBytes());
            assertThat(session.state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
            assertThat(other.state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
            cryptoki().logout(session.handle());
            assertThat(other.state()).isEqualTo(CKS.RW_PUBLIC_SESSION);
        }
    }

    @DisplayName("refuses a wrong PIN, an empty one, and no PIN where there is no PIN pad")
    @Test
    default void wrongPin() throws CryptokiException {
        try (TestSession session = TestSession.open(cryptoki(), token())) {
            assertFails("C_Login", CKR.PIN_INCORRECT, () -> session.login(CKU.USER, "wrong-pin".getBytes(US_ASCII)));
            assertFails("C_Login", CKR.PIN_INCORRECT, () -> session.login(CKU.USER, new byte[0]));
            assertFails("C_Login", CKR.ARGUMENTS_BAD, () -> cryptoki().login(session.handle(), CKU.USER, null));
            assertThat(session.state()).isEqualTo(CKS.RW_PUBLIC_SESSION);
        }
    }

    @DisplayName("says that the user is logged in already, whatever the PIN")
    @Test
    default void secondLogin() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            assertFails(
                    "C_Login",
                    CKR.USER_ALREADY_LOGGED_IN,
                    () -> session.login(CKU.USER, "wrong-pin".getBytes(US_ASCII)));
        }
    }

    @DisplayName("changes the PIN, and the SO sets a new one")
    @Test
    default void changedPin() throws CryptokiException {
        byte[] changed = "another-pin".getBytes(US_ASCII);
        byte[] soPin = new String(token().soPin()).getBytes(US_ASCII);
        try (TestSession session = TestSession.open(cryptoki(), token());
                Arena arena = Arena.ofConfined()) {
            cryptoki()
                    .setPin(
                            session.handle(),
                            TestSession.segment(arena, token().pinBytes()),
                            TestSession.segment(arena, changed));
            assertFails("C_Login", CKR.PIN_INCORRECT, () -> session.login(CKU.USER, token().pinBytes()));
            session.login(CKU.USER, changed);
            cryptoki().logout(session.handle());

            session.login(CKU.SO, soPin);
            assertThat(session.state()).isEqualTo(CKS.RW_SO_FUNCTIONS);
            cryptoki().initPin(session.handle(), TestSession.segment(arena, token().pinBytes()));
            cryptoki().logout(session.handle());
            session.login(CKU.USER, token().pinBytes());
        }
    }

    @DisplayName("wants the PIN again between SignInit and Sign for a key with ALWAYS_AUTHENTICATE")
    @Test
    default void contextSpecificLogin() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            assertFails(
                    "C_Login",
                    CKR.OPERATION_NOT_INITIALIZED,
                    () -> session.login(CKU.CONTEXT_SPECIFIC, token().pinBytes()));
            List<Attribute> template = TestKeys.rsaPrivate(CKA.SIGN, CKA.ALWAYS_AUTHENTICATE);
            long key = session.create(template);
            byte[] data = new byte[20];
            cryptoki().signInit(session.handle(), Mechanism.of(CKM.RSA_PKCS), key);
            assertFails("C_Sign", CKR.USER_NOT_LOGGED_IN, () -> cryptoki().sign(session.handle(), data));
            cryptoki().signInit(session.handle(), Mechanism.of(CKM.RSA_PKCS), key);
            assertFails(
                    "C_Login",
                    CKR.PIN_INCORRECT,
                    () -> session.login(CKU.CONTEXT_SPECIFIC, "wrong-pin".getBytes(US_ASCII)));
            session.login(CKU.CONTEXT_SPECIFIC, token().pinBytes());
            assertThat(cryptoki().sign(session.handle(), data)).hasSize(256);
        }
    }
}
