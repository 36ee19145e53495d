package org.tokend.pkcs11.rpc;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiContract;
import org.tokend.pkcs11.cryptoki.IaikCryptoki;

@DisplayName("A module at the other end of a connection")
class RpcCryptokiTest {

    @Nested
    @DisplayName("in the dialect of p11-kit 0.24.1")
    class OldDialect extends OverSocketPair {
        OldDialect() throws Exception {
            super(0);
        }
    }

    @Nested
    @DisplayName("in the dialect of p11-kit 0.25.6 and later")
    class NewDialect extends OverSocketPair {
        NewDialect() throws Exception {
            super(2);
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OverSocketPair implements CryptokiContract {
        private final SoftHsmToken token = SoftHsmToken.create();
        private final IaikCryptoki module;
        private final ServedModule served;
        private final RpcConnection connection;
        private final Cryptoki cryptoki;

        OverSocketPair(int version) throws Exception {
            module = token.inEnvironment(() -> IaikCryptoki.open(token.modulePath(), null));
            served = new ServedModule(module);
            connection = RpcConnection.openAsVersion(version, served.wire());
            cryptoki = new RpcCryptoki(connection, () -> {});
        }

        @Override
        public Cryptoki cryptoki() {
            return cryptoki;
        }

        @Override
        public SoftHsmToken token() {
            return token;
        }

        @AfterAll
        void close() throws Exception {
            served.close();
            connection.close();
            module.close();
            token.close();
        }
    }
}
