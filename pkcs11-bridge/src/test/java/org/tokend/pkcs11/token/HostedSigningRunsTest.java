package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.fault.Fault;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.host.HostLog;
import org.tokend.pkcs11.host.IsolatedModule;
import org.tokend.pkcs11.host.ModuleSettings;
import org.tokend.pkcs11.object.CatalogRoom;
import org.tokend.pkcs11.object.ObjectIds;
import org.tokend.pkcs11.operation.QuirkTable;
import org.tokend.pkcs11.rpc.Deadlines;

@Timeout(120)
@DisplayName("Of many signatures with one key of a module in a host of its own")
class HostedSigningRunsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

    private final SoftHsmToken hsm = SoftHsmToken.create();
    private final Arena arena = Arena.ofConfined();
    private FaultModule faults;
    private IsolatedModule module;
    private ModuleTokens tokens;

    @BeforeEach
    void open() throws Exception {
        hsm.importKey(TestKey.P256_A);
        faults = FaultModule.over(hsm);
        module = new IsolatedModule(
                ModuleSettings.of("faulty", faults.modulePath())
                        .withEnvironment(faults.environment())
                        .withDeadlines(new Deadlines(DEADLINE, DEADLINE, DEADLINE, DEADLINE)),
                HostLog.NONE);
        tokens = new ModuleTokens(
                module,
                new TokenOptions(0, PATIENCE, PATIENCE),
                QuirkTable.load(),
                new ObjectIds(),
                CatalogRoom.ofHeap());
        tokens.scan();
        login();
    }

    @AfterEach
    void close() {
        faults.clear();
        tokens.close();
        module.close();
        faults.close();
        arena.close();
        hsm.close();
    }

    private Token token() {
        return tokens.tokens().getFirst();
    }

    private void login() throws TokenException {
        token().login(SoftHsmRig.segment(arena, new String(hsm.pin())));
    }

    private void sign() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(MESSAGE);
        byte[] signature = token().sign(token().keys().getFirst(), KeyAlgorithm.ECDSA_SHA256, digest, null);
        assertThat(ModuleTokenTest.verifies(TestKey.P256_A.publicKey(), KeyAlgorithm.ECDSA_SHA256, signature))
                .isTrue();
    }

    private void signs(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            sign();
        }
    }

    /** How often C_SignInit has been called more than C_Sign, once nothing is under way any more. */
    private void assertBegunAhead(int most) {
        int signatures = faults.count(CryptokiFunction.C_SIGN);
        faults.awaitCalls(CryptokiFunction.C_SIGN_INIT, signatures + most);
        assertThat(faults.count(CryptokiFunction.C_SIGN_INIT)).isEqualTo(signatures + most);
    }

    @Test
    @DisplayName("one has always begun ahead, and each is right")
    void ahead() throws Exception {
        signs(2);
        assertBegunAhead(0);
        for (int i = 0; i < 20; i++) {
            sign();
            assertBegunAhead(1);
        }
    }

    @Test
    @DisplayName("one comes although the module hangs at what would be the next, whose caller hears of it in time")
    void hangs() throws Exception {
        signs(4);
        assertBegunAhead(1);
        faults.hang(CryptokiFunction.C_SIGN_INIT);
        sign();
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.Timeout.class);
        faults.clear();
        assertThatThrownBy(this::sign).isInstanceOf(TokenException.LoginRequired.class);
        login();
        signs(5);
        assertThat(token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("one comes although the module dies at what would be the next, whose caller is told to try again")
    void dies() throws Exception {
        signs(4);
        assertBegunAhead(1);
        faults.onNext(CryptokiFunction.C_SIGN_INIT, Fault.dies());
        sign();
        // By when the daemon sees it decides whether the request was under way.
        assertThatThrownBy(this::sign)
                .isInstanceOfAny(TokenException.Removed.class, TokenException.LoginRequired.class);
        login();
        signs(5);
        assertThat(token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("where what would be the next fails, it begins in its turn")
    void fails() throws Exception {
        signs(4);
        assertBegunAhead(1);
        for (long value : new long[] {CKR.DEVICE_ERROR, CKR.OPERATION_ACTIVE, CKR.FUNCTION_FAILED}) {
            faults.onNext(CryptokiFunction.C_SIGN_INIT, Fault.returns(value));
            signs(3);
        }
        assertThat(token().state()).isEqualTo(new TokenState.LoggedIn());
    }
}
