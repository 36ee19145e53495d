package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CKR;

@Timeout(120)
@DisplayName("Of many signatures with one key")
class SigningRunsTest {
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String INIT = "signInit";
    private static final String SIGN = "sign";
    private static final List<String> AHEAD = List.of(SIGN, INIT);
    private static final List<String> IN_TURN = List.of(INIT, SIGN);

    @SuppressWarnings("NullAway.Init") // Each test opens it with the sessions it wants.
    private SoftHsmRig rig;

    private void open(int maxSessions) throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(TestKey.P256_A);
        hsm.importKey(TestKey.P256_B);
        rig = SoftHsmRig.on(hsm, 16, new TokenOptions(maxSessions, PATIENCE, PATIENCE));
        rig.module().initAhead();
        rig.login();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void sign(TestKey key) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        byte[] signature = rig.token().sign(rig.key(key.defaultLabel()), KeyAlgorithm.ECDSA_SHA256, digest, null);
        assertThat(ModuleTokenTest.verifies(key.publicKey(), KeyAlgorithm.ECDSA_SHA256, signature))
                .isTrue();
    }

    private void signs(TestKey key, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            sign(key);
        }
    }

    private List<String> callsOf(TestKey key) throws Exception {
        rig.module().honest();
        sign(key);
        return rig.module().calls();
    }

    @Test
    @DisplayName("the later ones begin before they are asked for")
    void begins() throws Exception {
        open(8);
        signs(TestKey.P256_A, 3);
        for (int i = 0; i < 10; i++) {
            assertThat(callsOf(TestKey.P256_A)).isEqualTo(AHEAD);
        }
    }

    @Test
    @DisplayName("one with another key takes another session, and what had begun is never used for it")
    void otherKey() throws Exception {
        open(8);
        for (int i = 0; i < 4; i++) {
            signs(TestKey.P256_A, 4);
            assertThat(callsOf(TestKey.P256_B)).isEqualTo(IN_TURN);
            assertThat(callsOf(TestKey.P256_A)).isEqualTo(IN_TURN);
            signs(TestKey.P256_B, 4);
            assertThat(callsOf(TestKey.P256_B)).isEqualTo(AHEAD);
        }
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("no more sessions stay open than two")
    void sessions() throws Exception {
        open(8);
        Set<Object> open = new HashSet<>();
        signs(TestKey.P256_A, 1);
        rig.module().script(call -> {
            Object result = call.proceed();
            switch (call.name()) {
                case "openSession" -> open.add(result);
                case "closeSession" -> open.remove(call.arguments()[0]);
                default -> {}
            }
            return result;
        });
        for (int i = 0; i < 20; i++) {
            signs(TestKey.P256_A, 4);
            signs(TestKey.P256_B, 4);
            assertThat(open.size()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    @DisplayName("none is made after the logout, and what comes after the next login is right")
    void logout() throws Exception {
        open(8);
        for (int i = 0; i < 3; i++) {
            signs(TestKey.P256_A, 5);
            rig.token().logout();
            assertThatThrownBy(() -> sign(TestKey.P256_A)).isInstanceOf(TokenException.LoginRequired.class);
            rig.login();
        }
        sign(TestKey.P256_A);
    }

    @Test
    @DisplayName("a token that forgets what has begun is asked anew, without a word to the caller")
    void forgets() throws Exception {
        open(8);
        signs(TestKey.P256_A, 5);
        rig.module().script(call -> {
            if (call.name().equals(SIGN) && rig.module().calls().size() == 1) {
                call.proceed();
                throw call.failure(CKR.OPERATION_NOT_INITIALIZED);
            }
            return call.proceed();
        });
        sign(TestKey.P256_A);
        assertThat(rig.module().calls()).containsExactly(SIGN, INIT, SIGN, INIT);
    }

    @Test
    @DisplayName("where what has begun in one session is in the way of others, no more begins before it is asked for")
    void inTheWay() throws Exception {
        open(8);
        Set<Object> active = new HashSet<>();
        rig.module().script(call -> {
            Object session = call.arguments().length == 0 ? null : call.arguments()[0];
            switch (call.name()) {
                case INIT -> {
                    if (!active.isEmpty()) {
                        throw call.failure(CKR.OPERATION_ACTIVE);
                    }
                    active.add(String.valueOf(session));
                }
                case SIGN, "closeSession" -> active.remove(String.valueOf(session));
                default -> {}
            }
            return call.proceed();
        });
        signs(TestKey.P256_A, 5);
        signs(TestKey.P256_B, 5);
        for (int i = 0; i < 5; i++) {
            signs(TestKey.P256_A, 1);
            signs(TestKey.P256_B, 1);
        }
        rig.module().honest();
        signs(TestKey.P256_A, 5);
        assertThat(callsOf(TestKey.P256_A)).isEqualTo(IN_TURN);
    }

    @Test
    @DisplayName("a token that has few sessions, or fewer than it says, keeps them for what is asked of it now")
    void fewSessions() throws Exception {
        open(3);
        signs(TestKey.P256_A, 5);
        assertThat(callsOf(TestKey.P256_A)).isEqualTo(IN_TURN);
        assertThat(rig.module().calls()).doesNotContain("openSession");
        rig.close();

        open(8);
        rig.module().script(call -> {
            if (call.name().equals("openSession")) {
                throw call.failure(CKR.SESSION_COUNT);
            }
            return call.proceed();
        });
        signs(TestKey.P256_A, 5);
        signs(TestKey.P256_B, 5);
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("one at which anything fails is an error or right, and so is the next")
    void fails() throws Exception {
        open(8);
        for (long value : FaultMatrixTest.returnValues()) {
            for (String function : AHEAD) {
                signs(TestKey.P256_A, 4);
                failsAt(function, value);
                rig.tokens().scan();
                rig.ensureLoggedIn();
                sign(TestKey.P256_A);
            }
        }
    }

    private void failsAt(String function, long value) throws Exception {
        rig.module().script(call -> {
            Object result = call.proceed();
            if (call.name().equals(function) && call.index() < AHEAD.size()) {
                throw call.failure(value);
            }
            return result;
        });
        try {
            signs(TestKey.P256_A, 2);
        } catch (TokenException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        rig.module().honest();
    }

    @Test
    @DisplayName("those of sixteen threads with two keys are all right")
    void threads() throws Exception {
        open(8);
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                TestKey key = i / 20 % 2 == 0 ? TestKey.P256_A : TestKey.P256_B;
                results.add(threads.submit(() -> {
                    sign(key);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get(60, TimeUnit.SECONDS);
            }
        }
        signs(TestKey.P256_A, 5);
        assertThat(callsOf(TestKey.P256_A)).isEqualTo(AHEAD);
    }
}
