package org.tokend.pkcs11.cryptoki;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("SunCryptoki")
class SunCryptokiTest implements CryptokiContract {
    private static SoftHsm token;
    private static SunCryptoki cryptoki;

    @BeforeAll
    static void open() throws CryptokiException {
        token = SoftHsm.create().select();
        cryptoki = SunCryptoki.open(token.module(), null);
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
