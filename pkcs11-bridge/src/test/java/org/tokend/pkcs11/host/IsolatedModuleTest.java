package org.tokend.pkcs11.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiContract;
import org.tokend.pkcs11.cryptoki.CryptokiException;

class IsolatedModuleTest {
    private static SoftHsmToken token;

    @BeforeAll
    static void create() {
        token = SoftHsmToken.create();
    }

    @AfterAll
    static void delete() {
        token.close();
    }

    private static IsolatedModule module() {
        return new IsolatedModule(
                ModuleSettings.of("soft", token.modulePath()).withEnvironment(token.environment()), HostLog.NONE);
    }

    @Nested
    @DisplayName("SoftHSM in a host of its own")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Contract implements CryptokiContract {
        private final IsolatedModule module = module();
        private final Cryptoki connection;

        Contract() throws CryptokiException {
            connection = module.connect();
        }

        @Override
        public Cryptoki cryptoki() {
            return connection;
        }

        @Override
        public SoftHsmToken token() {
            return token;
        }

        @AfterAll
        void close() {
            connection.close();
            module.close();
        }
    }

    @Test
    @DisplayName("A module that cannot be loaded is answered with the words of the loader")
    void notLoadable() {
        try (IsolatedModule module =
                new IsolatedModule(ModuleSettings.of("missing", Path.of("/nonexistent/module.so")), HostLog.NONE)) {
            assertThatThrownBy(module::connect)
                    .isInstanceOf(CryptokiException.class)
                    .hasMessageContaining("module missing is not available")
                    .hasMessageContaining("/nonexistent/module.so: cannot open shared object file");
        }
    }

    @Test
    @DisplayName("Its process is ended with the module")
    void closes() throws Exception {
        IsolatedModule module = module();
        module.connect().close();
        assertThat(module.generation()).isEqualTo(1);
        module.close();
        assertThat(module.generation()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "After a defect of ours while a host comes up the next who asks gets one, and nothing of the first is left")
    void defect() throws Exception {
        AtomicInteger first = new AtomicInteger();
        HostLog defective = new HostLog() {
            @Override
            public void started(String module, int pid) {
                if (first.compareAndSet(0, pid)) {
                    throw new IllegalStateException("not thought of");
                }
            }

            @Override
            public void ending(String module, String reason) {}

            @Override
            public void ended(String module, String how) {}
        };
        try (IsolatedModule module = new IsolatedModule(
                ModuleSettings.of("soft", token.modulePath()).withEnvironment(token.environment()), defective)) {
            assertThatThrownBy(module::connect)
                    .isInstanceOf(CryptokiException.class)
                    .hasMessageContaining("by a defect of tokend")
                    .hasMessageContaining("not thought of");
            assertThat(ProcessHandle.of(first.get())).isEmpty();
            try (Cryptoki connection = module.connect()) {
                assertThat(connection.getSlotList(true)).isNotEmpty();
            }
        }
    }
}
