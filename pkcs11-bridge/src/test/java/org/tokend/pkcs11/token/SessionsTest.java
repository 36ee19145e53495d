package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CKR;

@DisplayName("Sessions")
class SessionsTest {
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

    @SuppressWarnings("NullAway.Init") // Each test opens it with the limits it wants.
    private SoftHsmRig rig;

    @SuppressWarnings("NullAway.Init")
    private KeyDescriptor key;

    private void open(int maxSessions, Duration patience) throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(TestKey.P256_A);
        rig = SoftHsmRig.on(hsm, 16, new TokenOptions(maxSessions, patience, TokenOptions.DEFAULT.pause()));
        rig.login();
        key = rig.key(TestKey.P256_A.defaultLabel());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private boolean signs() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        byte[] signature = rig.token().sign(key, KeyAlgorithm.ECDSA_SHA256, digest, null);
        return ModuleTokenTest.verifies(TestKey.P256_A.publicKey(), KeyAlgorithm.ECDSA_SHA256, signature);
    }

    private void sixteenAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 160; i++) {
                results.add(threads.submit(this::signs));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0} sessions")
    @ValueSource(ints = {1, 2, 8})
    @Timeout(120)
    @DisplayName("sixteen threads sign at once, however few sessions there are")
    void few(int sessions) throws Exception {
        open(sessions, Duration.ofSeconds(30));
        rig.module().honest();
        sixteenAtOnce();

        assertThat(rig.module().calls().stream().filter("openSession"::equals)).hasSizeLessThan(sessions + 1);
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @Timeout(120)
    @DisplayName("a token that has fewer sessions than it says: its limit is learnt, all are served")
    void learnt() throws Exception {
        open(8, Duration.ofSeconds(30));
        AtomicInteger open = new AtomicInteger(1);
        rig.module().script(call -> {
            if (call.name().equals("openSession") && open.incrementAndGet() > 2) {
                open.decrementAndGet();
                throw call.failure(CKR.SESSION_COUNT);
            }
            if (call.name().equals("closeSession")) {
                open.decrementAndGet();
            }
            return call.proceed();
        });
        sixteenAtOnce();

        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @Timeout(60)
    @DisplayName("who waits too long for the only session is told so, and the next one is served")
    void busy() throws Exception {
        open(1, Duration.ofMillis(200));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        rig.module().script(call -> {
            if (call.name().equals("sign") && inside.getCount() > 0) {
                inside.countDown();
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            }
            return call.proceed();
        });
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Boolean> first = threads.submit(this::signs);
            assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(this::signs).isInstanceOf(TokenException.Busy.class);
            assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
            rig.token().distrust(0, "never blocks");
            rig.tokens().scan();
            goOn.countDown();
            assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(signs()).isTrue();
    }

    @Test
    @DisplayName("on a token with one session a refusal does not cost the login")
    void refusalOnTheOnlySession() throws Exception {
        open(1, Duration.ofSeconds(5));
        boolean[] done = {false};
        rig.module().script(call -> {
            if (call.name().equals("sign") && !done[0]) {
                done[0] = true;
                call.proceed();
                throw call.failure(CKR.DATA_LEN_RANGE);
            }
            return call.proceed();
        });

        assertThatThrownBy(this::signs).isInstanceOf(TokenException.Failed.class);
        assertThat(signs()).isTrue();
    }

    @Test
    @DisplayName("an operation left over in a session is not the next caller's trouble")
    void leftOver() throws Exception {
        open(4, Duration.ofSeconds(5));
        for (int i = 0; i < 20; i++) {
            boolean[] done = {false};
            rig.module().script(call -> {
                if (call.name().equals("signInit") && !done[0]) {
                    done[0] = true;
                    call.proceed(); // Leaks an operation: the Init that follows gets CKR_OPERATION_ACTIVE.
                }
                return call.proceed();
            });
            assertThat(signs()).isTrue();
            assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
        }
    }

    @Test
    @Timeout(60)
    @DisplayName("while generations end under load, every answer is right or an error that may be retried")
    void generationsUnderLoad() throws Exception {
        open(4, Duration.ofSeconds(20));
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger right = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(threads.submit(() -> {
                    for (int n = 0; n < 50; n++) {
                        try {
                            (signs() ? right : wrong).incrementAndGet();
                        } catch (TokenException.Removed | TokenException.Failed e) {
                            // Came and went too often within one request.
                        } catch (TokenException.LoginRequired e) {
                            // The last session of the old generation was closed before the new one had one: the token
                            // forgot.
                            rig.ensureLoggedIn();
                        }
                    }
                    return null;
                }));
            }
            int seen = 0;
            while (clients.stream().anyMatch(client -> !client.isDone())) {
                // Three failures with no success between them would restart the module; up to eight successes are of a
                // generation that has ended.
                if (right.get() > seen + 16) {
                    seen = right.get();
                    rig.token().distrust(rig.token().generation(), "test");
                }
                Thread.onSpinWait();
            }
            for (Future<?> client : clients) {
                client.get(1, TimeUnit.SECONDS);
            }
        }

        assertThat(wrong).hasValue(0);
        assertThat(rig.module().restarts()).isEmpty();
        assertThat(right.get()).isGreaterThan(0);
        assertThat(signs()).isTrue();
    }
}
