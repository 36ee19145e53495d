package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.READ_ONLY;
import static org.tokend.pkcs11.application.ApplicationRig.READ_WRITE;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKS;
import org.tokend.pkcs11.cryptoki.CKU;

class SessionsTest {
    private final ApplicationRig rig = new ApplicationRig(new ApplicationLimits(3, 10, 1000, 1000));
    private final Application application = rig.application;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    @DisplayName("Sessions have handles of their own, and know slot, flags and state")
    void open() throws Exception {
        long readOnly = rig.open();
        long readWrite = rig.openReadWrite();
        assertThat(readOnly).isNotEqualTo(readWrite).isNotZero();
        assertThat(application.getSessionInfo(readOnly).slot()).isEqualTo(rig.slot);
        assertThat(application.getSessionInfo(readOnly).flags()).isEqualTo(READ_ONLY);
        assertThat(application.getSessionInfo(readOnly).state()).isEqualTo(CKS.RO_PUBLIC_SESSION);
        assertThat(application.getSessionInfo(readWrite).flags()).isEqualTo(READ_WRITE);
        assertThat(application.getSessionInfo(readWrite).state()).isEqualTo(CKS.RW_PUBLIC_SESSION);
    }

    @Test
    @DisplayName("A session without CKF_SERIAL_SESSION, in no slot, without a token or over the limit is refused")
    void notOpened() throws Exception {
        refused(CKR.SESSION_PARALLEL_NOT_SUPPORTED, () -> application.openSession(rig.slot, CKF.RW_SESSION));
        refused(CKR.SLOT_ID_INVALID, () -> application.openSession(99, READ_ONLY));
        long empty = rig.gate.add(null, false);
        refused(CKR.TOKEN_NOT_PRESENT, () -> application.openSession(empty, READ_ONLY));
        for (int i = 0; i < 3; i++) {
            rig.open();
        }
        refused(CKR.SESSION_COUNT, rig::open);
    }

    @Test
    @DisplayName("A closed session is gone, alone or with all of its slot")
    void closed() throws Exception {
        long one = rig.open();
        long other = rig.open();
        application.closeSession(one);
        refused(CKR.SESSION_HANDLE_INVALID, () -> application.getSessionInfo(one));
        refused(CKR.SESSION_HANDLE_INVALID, () -> application.closeSession(one));
        application.getSessionInfo(other);
        application.closeAllSessions(rig.slot);
        refused(CKR.SESSION_HANDLE_INVALID, () -> application.getSessionInfo(other));
        refused(CKR.SLOT_ID_INVALID, () -> application.closeAllSessions(99));
    }

    @Test
    @DisplayName("The login is that of all sessions to the token, and ends with the last one")
    void loginOfAll() throws Exception {
        long one = rig.open();
        long other = rig.openReadWrite();
        application.login(one, CKU.USER, null);
        assertThat(application.getSessionInfo(one).state()).isEqualTo(CKS.RO_USER_FUNCTIONS);
        assertThat(application.getSessionInfo(other).state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
        refused(CKR.USER_ALREADY_LOGGED_IN, () -> application.login(other, CKU.USER, null));
        application.closeSession(one);
        assertThat(application.getSessionInfo(other).state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
        application.closeSession(other);
        long later = rig.open();
        assertThat(application.getSessionInfo(later).state()).isEqualTo(CKS.RO_PUBLIC_SESSION);
    }

    @Test
    @DisplayName("A wrong PIN, an unknown user type and a logout without a login are refused")
    void notLoggedIn() throws Exception {
        long session = rig.open();
        refused(CKR.PIN_INCORRECT, () -> rig.login(session, CKU.USER, "wrong"));
        refused(CKR.USER_TYPE_INVALID, () -> application.login(session, 17, null));
        refused(CKR.USER_NOT_LOGGED_IN, () -> application.logout(session));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.login(session, CKU.CONTEXT_SPECIFIC, null));
        refused(CKR.ACTION_PROHIBITED, () -> rig.login(session, CKU.SO, FakeAdministration.OFFICER_PIN));
        assertThat(application.getSessionInfo(session).state()).isEqualTo(CKS.RO_PUBLIC_SESSION);
    }

    @Test
    @DisplayName("The security officer needs read-write sessions only, the right PIN, and nobody else logged in")
    void officer() throws Exception {
        rig.gate.manages = true;
        long readOnly = rig.open();
        long session = rig.openReadWrite();
        refused(CKR.SESSION_READ_ONLY_EXISTS, () -> rig.login(session, CKU.SO, FakeAdministration.OFFICER_PIN));
        application.closeSession(readOnly);
        refused(CKR.PIN_INCORRECT, () -> rig.login(session, CKU.SO, "wrong"));
        rig.login(session, CKU.SO, FakeAdministration.OFFICER_PIN);
        assertThat(application.getSessionInfo(session).state()).isEqualTo(CKS.RW_SO_FUNCTIONS);
        refused(CKR.SESSION_READ_WRITE_SO_EXISTS, rig::open);
        refused(CKR.USER_ANOTHER_ALREADY_LOGGED_IN, () -> application.login(session, CKU.USER, null));
        application.logout(session);
        application.login(session, CKU.USER, null);
        refused(CKR.USER_ANOTHER_ALREADY_LOGGED_IN, () -> rig.login(session, CKU.SO, FakeAdministration.OFFICER_PIN));
    }

    @Test
    @DisplayName("A token that is pulled takes its sessions and the login with it; back again, new sessions work")
    void removed() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P256);
        long session = rig.openLoggedIn();
        rig.gate.put(rig.slot, null);
        refused(CKR.SESSION_HANDLE_INVALID, () -> application.getSessionInfo(session));
        refused(CKR.TOKEN_NOT_PRESENT, () -> application.getTokenInfo(rig.slot));
        refused(CKR.TOKEN_NOT_PRESENT, rig::open);
        rig.gate.put(rig.slot, rig.token);
        refused(CKR.SESSION_HANDLE_INVALID, () -> application.getSessionInfo(session));
        long later = rig.open();
        assertThat(application.getSessionInfo(later).state()).isEqualTo(CKS.RO_PUBLIC_SESSION);
        assertThat(rig.find(later, Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY))).isEmpty();
    }

    @Test
    @DisplayName("After the end of the application nothing is left, and it can begin again")
    void finished() throws Exception {
        long session = rig.openLoggedIn();
        application.finish();
        refused(CKR.SESSION_HANDLE_INVALID, () -> application.getSessionInfo(session));
        assertThat(application.getSessionInfo(rig.open()).state()).isEqualTo(CKS.RO_PUBLIC_SESSION);
    }
}
