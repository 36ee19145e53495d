package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CKR;

@DisplayName("Every return value at every call of an operation")
class FaultMatrixTest {
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECRET = "sixteen bytes!!!".getBytes(StandardCharsets.UTF_8);

    private static final int REPEATED = 10;

    private static SoftHsmRig rig;
    private static KeyDescriptor key;
    private static byte[] digest;
    private static byte[] ciphertext;

    private interface Operation {
        boolean right() throws Exception;
    }

    @BeforeAll
    static void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(TestKey.RSA_2048_A);
        hsm.importKey(TestKey.P256_A);
        rig = SoftHsmRig.on(hsm);
        rig.login();
        key = rig.key(TestKey.RSA_2048_A.defaultLabel());
        digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        ciphertext = ModuleTokenTest.encrypted(TestKey.RSA_2048_A.publicKey(), KeyAlgorithm.RSA_OAEP_SHA256, SECRET);
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    @BeforeEach
    void settle() throws Exception {
        rig.module().honest();
        rig.tokens().scan();
        rig.ensureLoggedIn();
    }

    static long[] returnValues() throws Exception {
        LongStream.Builder values = LongStream.builder();
        for (var field : CKR.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getLong(null) != CKR.OK) {
                values.add(field.getLong(null));
            }
        }
        LongStream.range(0, 10).forEach(i -> values.add(0x80000000L + i * 0x111));
        return values.build().toArray();
    }

    private static boolean signs() throws Exception {
        byte[] signature = rig.token().sign(key, KeyAlgorithm.RSA_PKCS1_SHA256, digest, null);
        return ModuleTokenTest.verifies(TestKey.RSA_2048_A.publicKey(), KeyAlgorithm.RSA_PKCS1_SHA256, signature);
    }

    private static boolean decrypts() throws Exception {
        return java.util.Arrays.equals(
                rig.token().decrypt(key, KeyAlgorithm.RSA_OAEP_SHA256, ciphertext, null), SECRET);
    }

    @Test
    @Timeout(300)
    @DisplayName("signing: never a wrong answer, and right again after it")
    void signing() throws Exception {
        matrix(FaultMatrixTest::signs);
    }

    @Test
    @Timeout(300)
    @DisplayName("decrypting: never a wrong answer, and right again after it")
    void decrypting() throws Exception {
        matrix(FaultMatrixTest::decrypts);
    }

    private void matrix(Operation operation) throws Exception {
        long[] values = returnValues();
        List<String> calls = callsFromFresh(operation);
        int injected = 0;
        for (int position = 0; position < calls.size(); position++) {
            // Every value at the first call of each function, a selection where the function comes again.
            boolean first = calls.indexOf(calls.get(position)) == position;
            for (int i = first ? 0 : position % REPEATED; i < values.length; i += first ? 1 : REPEATED) {
                injected += inject(operation, position, values[i]);
            }
        }
        assertThat(injected).as("faults").isGreaterThan(1200);
        assertThat(rig.module().restarts().size()).as("restarts of the module").isLessThan(injected / 10);
    }

    /** The calls of an operation that has to find the token, the key and what the token can do first. */
    private static List<String> callsFromFresh(Operation operation) throws Exception {
        rig.token().distrust(rig.token().generation(), "test");
        rig.module().honest();
        assertThat(operation.right()).isTrue();
        return rig.module().calls();
    }

    private static int inject(Operation operation, int position, long value) throws Exception {
        String where = CKR.nameOf(value) + " at call " + position;
        rig.token().distrust(rig.token().generation(), "test");
        boolean[] done = {false};
        rig.module().script(call -> {
            if (call.index() == position && !done[0]) {
                done[0] = true;
                throw call.failure(value);
            }
            return call.proceed();
        });
        try {
            assertThat(operation.right()).as(where).isTrue();
        } catch (TokenException e) {
            assertThat(e.getMessage()).as(where).isNotBlank();
        }
        rig.module().honest();
        try {
            assertThat(operation.right()).as("after " + where).isTrue();
        } catch (TokenException.LoginRequired e) {
            rig.login();
            assertThat(operation.right()).as("after a login after " + where).isTrue();
        } catch (TokenException.Removed e) {
            rig.tokens().scan();
            rig.ensureLoggedIn();
            assertThat(operation.right()).as("after a scan after " + where).isTrue();
        }
        rig.ensureLoggedIn();
        return done[0] ? 1 : 0;
    }

    @Test
    @DisplayName("a signature is not made twice when the first may have been made")
    void notTwice() throws Exception {
        assertThat(signs()).isTrue();
        for (long value : new long[] {CKR.DEVICE_ERROR, CKR.GENERAL_ERROR, CKR.FUNCTION_FAILED, 0x80000001L}) {
            rig.module().script(call -> {
                Object result = call.proceed();
                if (call.name().equals("sign")) {
                    throw call.failure(value);
                }
                return result;
            });

            assertThat(Stream.of(value))
                    .allSatisfy(each -> org.assertj.core.api.Assertions.assertThatThrownBy(FaultMatrixTest::signs)
                            .isInstanceOf(TokenException.Failed.class));
            assertThat(rig.module().calls().stream().filter("sign"::equals)).hasSize(1);
            settle();
        }
    }

    @Test
    @DisplayName("one that cannot have been made is made, without a word to the caller")
    void retried() throws Exception {
        assertThat(signs()).isTrue();
        for (long value : new long[] {CKR.SESSION_HANDLE_INVALID, CKR.SESSION_CLOSED, CKR.KEY_HANDLE_INVALID}) {
            long generation = rig.token().generation();
            rig.module().script(call -> {
                if (call.name().equals("signInit")
                        && !rig.module().calls().contains("sign")
                        && rig.module().calls().stream()
                                        .filter("signInit"::equals)
                                        .count()
                                == 1) {
                    throw call.failure(value);
                }
                return call.proceed();
            });

            assertThat(signs()).as(CKR.nameOf(value)).isTrue();
            assertThat(rig.token().generation()).isGreaterThan(generation);
            settle();
        }
    }

    @Test
    @DisplayName("a session in which something failed is closed and never used again")
    void sessionsAreNotReused() throws Exception {
        assertThat(signs()).isTrue();
        java.util.Set<Object> spoiled = new java.util.HashSet<>();
        rig.module().script(call -> {
            Object[] arguments = call.arguments();
            if (call.name().equals("sign") && spoiled.isEmpty()) {
                spoiled.add(arguments[0]);
                throw call.failure(CKR.DATA_INVALID);
            }
            if (!call.name().equals("closeSession")
                    && arguments.length > 0
                    && arguments[0] instanceof Long
                    && call.name().startsWith("sign")) {
                assertThat(spoiled).doesNotContain(arguments[0]);
            }
            return call.proceed();
        });
        org.assertj.core.api.Assertions.assertThatThrownBy(FaultMatrixTest::signs)
                .isInstanceOf(TokenException.class);

        assertThat(signs()).isTrue();
        assertThat(rig.module().calls()).contains("closeSession");
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("a token that fails again and again gets its module started anew")
    void restart() throws Exception {
        assertThat(signs()).isTrue();
        int before = rig.module().restarts().size();
        rig.module().script(call -> {
            if (call.name().equals("sign")) {
                throw call.failure(CKR.GENERAL_ERROR);
            }
            return call.proceed();
        });
        for (int i = 0; i < 4; i++) {
            org.assertj.core.api.Assertions.assertThatThrownBy(FaultMatrixTest::signs)
                    .isInstanceOf(TokenException.class);
        }

        assertThat(rig.module().restarts()).hasSize(before + 1);
    }
}
