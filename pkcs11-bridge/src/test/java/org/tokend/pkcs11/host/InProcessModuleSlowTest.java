package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.fault.Fault;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

@DisplayName("A module in this process that is slow")
@Timeout(60)
class InProcessModuleSlowTest {
    private SoftHsmToken token;
    private FaultModule faults;
    private InProcessModule module;

    @BeforeEach
    void create() {
        token = SoftHsmToken.create();
        faults = FaultModule.over(token);
        module = new InProcessModule(
                ModuleSettings.of("near", faults.modulePath()).withEnvironment(token.environment()), HostLog.NONE);
    }

    @AfterEach
    void delete() {
        module.close();
        faults.close();
        token.close();
    }

    private CompletableFuture<long[]> slowCall() throws Exception {
        faults.onNext(CryptokiFunction.C_GET_SLOT_LIST, Fault.delays(Duration.ofSeconds(4)));
        Cryptoki connection = module.connect();
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<long[]> call = CompletableFuture.supplyAsync(() -> {
            try {
                inside.countDown();
                return connection.getSlotList(true);
            } catch (CryptokiException e) {
                throw new IllegalStateException(e);
            }
        });
        inside.await();
        // From the latch to the call it is a few instructions; the call takes seconds.
        Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> !call.isDone());
        return call;
    }

    @DisplayName("serves others meanwhile")
    @Test
    void servesOthers() throws Exception {
        CompletableFuture<long[]> slow = slowCall();
        try (Cryptoki connection = module.connect()) {
            assertThat(connection.getInfo().manufacturer()).isEqualTo("SoftHSM");
        }
        assertThat(slow).isNotDone();
        assertThat(slow.get(20, TimeUnit.SECONDS)).isNotEmpty();
    }

    @DisplayName("says its generation at once and is connected to, also when it takes one call at a time")
    @Test
    void neverWaits() throws Exception {
        faults.cannotLock();
        CompletableFuture<long[]> slow = slowCall();
        assertThat(module.generation()).isEqualTo(1);
        module.connect().close();
        assertThat(slow).isNotDone();
        assertThat(slow.get(20, TimeUnit.SECONDS)).isNotEmpty();
    }
}
