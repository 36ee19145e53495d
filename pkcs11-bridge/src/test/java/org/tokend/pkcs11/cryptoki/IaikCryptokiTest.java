package org.tokend.pkcs11.cryptoki;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@DisplayName("IaikCryptoki")
class IaikCryptokiTest implements CryptokiContract {
    private static SoftHsmToken token;
    private static IaikCryptoki cryptoki;

    @BeforeAll
    static void open() throws Exception {
        token = SoftHsmToken.create();
        cryptoki = token.inEnvironment(() -> IaikCryptoki.open(token.modulePath(), null));
    }

    @AfterAll
    static void close() {
        cryptoki.close();
        token.close();
    }

    @Override
    public Cryptoki cryptoki() {
        return cryptoki;
    }

    @Override
    public SoftHsmToken token() {
        return token;
    }
}
