package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;

@DisplayName("A key with CKA_ALWAYS_AUTHENTICATE")
class AlwaysAuthenticateTest {
    private static final byte[] MESSAGE = "a message".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private SoftHsmRig rig;
    private KeyDescriptor key;
    private KeyDescriptor other;

    @BeforeEach
    void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(KeyImport.of(TestKey.RSA_2048_A.keyPair(), "each time").withAlwaysAuthenticate());
        hsm.importKey(KeyImport.of(TestKey.RSA_2048_B.keyPair(), "once"));
        rig = SoftHsmRig.on(hsm);
        rig.login();
        key = rig.key("each time");
        other = rig.key("once");
        rig.module().honest();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private byte[] sign(String pin) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        try (Arena arena = Arena.ofConfined()) {
            return rig.token().sign(key, KeyAlgorithm.RSA_PKCS1_SHA256, digest, SoftHsmRig.segment(arena, pin));
        }
    }

    @Test
    @DisplayName("signs by Init, context login, Sign and nothing between, and decrypts alike")
    void threeCalls() throws Exception {
        assertThat(key.alwaysAuthenticate()).isTrue();
        assertThat(other.alwaysAuthenticate()).isFalse();
        byte[] signature = sign(new String(rig.hsm().pin()));

        assertThat(ModuleTokenTest.verifies(TestKey.RSA_2048_A.publicKey(), KeyAlgorithm.RSA_PKCS1_SHA256, signature))
                .isTrue();
        assertThat(rig.module().calls()).containsSequence(List.of("signInit", "login", "sign"));
        rig.module().honest();
        byte[] ciphertext = ModuleTokenTest.encrypted(TestKey.RSA_2048_A.publicKey(), KeyAlgorithm.RSA_PKCS1, MESSAGE);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(rig.token()
                            .decrypt(
                                    key,
                                    KeyAlgorithm.RSA_PKCS1,
                                    ciphertext,
                                    SoftHsmRig.segment(
                                            arena, new String(rig.hsm().pin()))))
                    .isEqualTo(MESSAGE);
        }
        assertThat(rig.module().calls()).containsSequence(List.of("decryptInit", "login", "decrypt"));
    }

    @Test
    @DisplayName("asks for its PIN, and refuses a wrong one without a second try")
    void pin() throws Exception {
        byte[] digest = new byte[32];
        assertThatThrownBy(() -> rig.token().sign(key, KeyAlgorithm.RSA_PKCS1_SHA256, digest, null))
                .isInstanceOf(TokenException.LoginRequired.class)
                .hasMessageContaining("each use");
        assertThat(rig.module().calls()).isEmpty();
        assertThatThrownBy(() -> sign("wrong-pin")).isInstanceOf(TokenException.PinIncorrect.class);
        assertThat(rig.module().calls().stream().filter("login"::equals)).hasSize(1);
        assertThat(sign(new String(rig.hsm().pin()))).hasSize(256);
    }

    @Test
    @Timeout(60)
    @DisplayName("is alone on the token while it is used: nobody else's calls, and no scan, come between")
    void alone() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        List<String> between = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        Thread[] user = {null};
        rig.module().script(call -> {
            if (call.name().equals("login")) {
                user[0] = Thread.currentThread();
                inside.countDown();
                TimeUnit.MILLISECONDS.sleep(300); // Time for others to come between, if they could.
                Object result = call.proceed();
                user[0] = null;
                return result;
            }
            if (user[0] != null
                    && user[0] != Thread.currentThread()
                    && !call.name().equals("getSlotList")) {
                between.add(call.name() + " of slot " + call.arguments()[0]);
            }
            return call.proceed();
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<byte[]> slow = threads.submit(() -> sign(new String(rig.hsm().pin())));
            assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
            Future<byte[]> quick =
                    threads.submit(() -> rig.token().sign(other, KeyAlgorithm.RSA_PKCS1_SHA256, new byte[32], null));
            Future<Boolean> scan = threads.submit(() -> rig.tokens().scan());

            assertThat(scan.get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(slow.get(30, TimeUnit.SECONDS)).hasSize(256);
            assertThat(quick.get(30, TimeUnit.SECONDS)).hasSize(256);
        }
        // SoftHSM's second slot has no token: the scan may look at it.
        long quiet = rig.tokens().slots().stream()
                .filter(slot -> slot.token() != null)
                .findFirst()
                .orElseThrow()
                .slot();
        assertThat(between)
                .noneMatch(call -> call.endsWith(" of slot " + quiet))
                .allMatch(call -> call.startsWith("get"));
    }
}
