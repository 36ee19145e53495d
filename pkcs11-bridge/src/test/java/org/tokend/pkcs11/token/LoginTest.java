package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKS;
import org.tokend.pkcs11.cryptoki.SessionInfo;

@DisplayName("Logging in")
class LoginTest {
    private SoftHsmRig rig;

    @BeforeEach
    void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(TestKey.RSA_2048_A);
        rig = SoftHsmRig.on(hsm);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private byte[] sign() throws Exception {
        KeyDescriptor key = rig.key(TestKey.RSA_2048_A.defaultLabel());
        return rig.token().sign(key, KeyAlgorithm.RSA_PKCS1_SHA256, new byte[32], null);
    }

    @Test
    @DisplayName("before it keys are listed from what is public, and using one says that a login is needed")
    void before() throws Exception {
        KeyDescriptor key = rig.key(TestKey.RSA_2048_A.defaultLabel());

        assertThat(key.seen()).isFalse();
        assertThat(key.publicKey()).isEqualTo(TestKey.RSA_2048_A.publicKey().getEncoded());
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedOut(PinTries.UNKNOWN));
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
        rig.login();
        assertThat(rig.key(key.label()).seen()).isTrue();
        assertThat(sign()).hasSize(256);
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("a wrong PIN is one try, and the token's flags are told")
    void wrongPin() throws Exception {
        rig.module().honest();
        TokenException.PinIncorrect e =
                catchThrowableOfType(TokenException.PinIncorrect.class, () -> rig.login("wrong-pin"));

        assertThat(e).isNotNull();
        assertThat(e.tries()).isEqualTo(PinTries.LOW);
        assertThat(e).hasMessageNotContaining("wrong-pin");
        assertThat(rig.module().calls().stream().filter("login"::equals)).hasSize(1);
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedOut(PinTries.LOW));
        rig.login();
        assertThat(sign()).hasSize(256);
    }

    @Test
    @DisplayName("a wrong PIN is not taken for right because somebody is logged in already")
    void wrongPinWhileLoggedIn() throws Exception {
        rig.login();
        assertThatThrownBy(() -> rig.login("wrong-pin")).isInstanceOf(TokenException.PinIncorrect.class);
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
    }

    @Test
    @DisplayName("CKR_USER_ALREADY_LOGGED_IN is never proof of a PIN: the login behind our back is ended first")
    void alreadyLoggedIn() throws Exception {
        rig.login();
        // The module still has its login, but the daemon does not know: as after a session was lost.
        rig.module().script(call -> {
            Object honest = call.proceed();
            return honest instanceof SessionInfo info
                    ? new SessionInfo(info.slot(), CKS.RO_PUBLIC_SESSION, 0, 0)
                    : honest;
        });
        rig.token().distrust(rig.token().generation(), "test");
        assertThat(rig.token().keys()).isNotEmpty();
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);

        assertThatThrownBy(() -> rig.login("wrong-pin")).isInstanceOf(TokenException.PinIncorrect.class);
        assertThat(rig.module().calls()).containsSubsequence(List.of("login", "logout", "login"));
        rig.module().honest();
        rig.login();
        assertThat(sign()).hasSize(256);
    }

    @Test
    @DisplayName("logging out ends the use of private keys at once; the module is told")
    void logout() throws Exception {
        rig.login();
        assertThat(sign()).hasSize(256);
        long generation = rig.token().generation();
        rig.module().honest();
        rig.token().logout();

        assertThat(rig.module().calls()).contains("logout");
        assertThat(rig.token().generation()).isGreaterThan(generation);
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
        assertThat(rig.module().calls()).doesNotContain("signInit");
    }

    @Test
    @DisplayName("a module that will not log out is started again")
    void logoutFails() throws Exception {
        rig.login();
        rig.module().script(call -> {
            if (call.name().equals("logout")) {
                throw call.failure(CKR.GENERAL_ERROR);
            }
            return call.proceed();
        });
        rig.token().logout();

        assertThat(rig.module().restarts()).hasSize(1);
        rig.module().honest();
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
    }

    @Test
    @DisplayName("a login that the token lost by itself is noticed and asked for again")
    void lostLogin() throws Exception {
        rig.login();
        assertThat(sign()).hasSize(256);
        boolean[] lost = {false};
        rig.module().script(call -> {
            if (call.name().equals("signInit") && !lost[0]) {
                lost[0] = true;
                throw call.failure(CKR.USER_NOT_LOGGED_IN);
            }
            return call.proceed();
        });

        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
        rig.login();
        assertThat(sign()).hasSize(256);
    }

    @Test
    @DisplayName("locked, cancelled and unset PINs are errors of their own")
    void otherAnswers() {
        refuse(CKR.PIN_LOCKED);
        assertThatThrownBy(() -> rig.login("a-pin")).isInstanceOf(TokenException.PinLocked.class);
        refuse(CKR.FUNCTION_CANCELED);
        assertThatThrownBy(() -> rig.login("a-pin")).isInstanceOf(TokenException.PinCancelled.class);
        refuse(CKR.USER_PIN_NOT_INITIALIZED);
        assertThatThrownBy(() -> rig.login("a-pin"))
                .isInstanceOf(TokenException.Failed.class)
                .hasMessageContaining("must be set");
        refuse(CKR.DEVICE_REMOVED);
        assertThatThrownBy(() -> rig.login("a-pin")).isInstanceOf(TokenException.Removed.class);
    }

    private void refuse(long returnValue) {
        rig.module().script(call -> {
            if (call.name().equals("login")) {
                throw call.failure(returnValue);
            }
            return call.proceed();
        });
    }

    @Test
    @DisplayName("a removed token is absent after a scan, and back with a new generation and no login")
    void removal() throws Exception {
        rig.login();
        assertThat(sign()).hasSize(256);
        KeyDescriptor key = rig.key(TestKey.RSA_2048_A.defaultLabel());
        long generation = rig.token().generation();
        rig.module().script(call -> call.name().equals("getSlotList") ? new long[0] : call.proceed());
        assertThat(rig.tokens().scan()).isTrue();
        assertThat(rig.token().state()).isEqualTo(new TokenState.Absent());
        assertThatThrownBy(() -> rig.token().sign(key, KeyAlgorithm.RSA_PKCS1_SHA256, new byte[32], null))
                .isInstanceOf(TokenException.Removed.class)
                .hasMessageContaining(rig.hsm().label());
        assertThat(rig.tokens().scan()).isFalse();

        rig.module().honest();
        assertThat(rig.tokens().scan()).isTrue();
        assertThat(rig.tokens().tokens()).hasSize(1);
        assertThat(rig.token().generation()).isGreaterThan(generation);
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
        rig.login();
        assertThat(sign()).hasSize(256);
    }

    @Test
    @DisplayName("a module that cannot be used makes its tokens failed, with the reason, until it can")
    void unavailable() throws Exception {
        rig.module().available(false);
        assertThatThrownBy(() -> rig.tokens().scan()).isInstanceOf(TokenException.ModuleUnavailable.class);
        assertThat(rig.token().state()).isInstanceOf(TokenState.Failed.class);
        rig.module().available(true);
        rig.tokens().scan();
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
    }

    @Test
    @DisplayName(
            "after a restart of the module keys are found again by their public key, whatever handles they have now")
    void restart() throws Exception {
        rig.hsm().importKey(TestKey.RSA_2048_B);
        rig.hsm().importKey(TestKey.P256_A);
        rig.login();
        assertThat(sign()).hasSize(256);
        rig.module().restart(rig.module().generation(), "test");
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
        rig.login();

        for (TestKey test : new TestKey[] {TestKey.RSA_2048_A, TestKey.RSA_2048_B, TestKey.P256_A}) {
            rig.token().provePossession(rig.key(test.defaultLabel()), null);
        }
    }

    @Test
    @DisplayName("what comes back with other keys is not given the PIN, though it says that it is the same token")
    void stranger() throws Exception {
        assertThat(rig.token().keys()).hasSize(1);
        away();
        rig.hsm().deleteObjects(TestKey.RSA_2048_A.defaultLabel());
        rig.hsm().importKey(TestKey.RSA_2048_B);
        rig.tokens().scan();
        rig.module().honest();

        assertThatThrownBy(rig::login)
                .isInstanceOf(TokenException.KeyMismatch.class)
                .hasMessageContaining("the PIN was not sent");
        assertThat(rig.module().calls()).doesNotContain("login");
        away();
        rig.hsm().importKey(TestKey.RSA_2048_A);
        rig.tokens().scan();
        rig.login();
        assertThat(sign()).hasSize(256);
    }

    private void away() throws Exception {
        rig.module().script(call -> call.name().equals("getSlotList") ? new long[0] : call.proceed());
        assertThat(rig.tokens().scan()).isTrue();
        rig.module().honest();
    }

    @Test
    @DisplayName("a key that another program puts on the token, or takes off, shows after a while")
    void keysComeAndGo() throws Exception {
        rig.login();
        assertThat(rig.token().keys()).hasSize(1);
        rig.hsm().importKey(TestKey.P256_A);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            rig.tokens().scan();
            assertThat(rig.token().keys()).hasSize(2);
        });
        rig.token().provePossession(rig.key(TestKey.P256_A.defaultLabel()), null);
        rig.hsm().deleteObjects(TestKey.P256_A.defaultLabel());
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            rig.tokens().scan();
            assertThat(rig.token().keys()).hasSize(1);
        });
    }
}
