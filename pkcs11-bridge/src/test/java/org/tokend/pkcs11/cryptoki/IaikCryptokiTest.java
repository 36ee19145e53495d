package org.tokend.pkcs11.cryptoki;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("IaikCryptoki")
class IaikCryptokiTest implements CryptokiContract {
    private static SoftHsm token;
    private static IaikCryptoki cryptoki;

    @BeforeAll
    static void open() throws CryptokiException {
        token = SoftHsm.create().select();
        cryptoki = IaikCryptoki.open(token.module(), null);
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
}
